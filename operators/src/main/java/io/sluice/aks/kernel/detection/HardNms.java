package io.sluice.aks.kernel.detection;

import io.sluice.aks.Kernel;
import io.sluice.aks.KernelContext;
import io.sluice.aks.KernelSpec;
import io.sluice.aks.NodeParams;
import io.sluice.aks.ParamValue;
import io.sluice.aks.kernel.KernelInputs;
import io.sluice.aks.kernel.KernelParams;
import java.util.List;

/** Kernel {@code Nms}: greedy suppression of the boxes that score {@code score_thresh} or more. */
public final class HardNms extends BoxKernel {
  @Override
  public KernelSpec spec() {
    return KernelSpec.of("Nms", "keeps the best of boxes that overlap")
        .defaults("iou_thresh", ParamValue.of(0.45f))
        .defaults("score_thresh", ParamValue.of(0f))
        .defaults("per_class", ParamValue.of(1));
  }

  @Override
  public Kernel create(NodeParams nodeParams, KernelContext context) {
    KernelParams params = new KernelParams(this, nodeParams);
    float iou = params.number("iou_thresh", 0, 1);
    float score = params.number("score_thresh", 0, 1);
    boolean perClass = params.flag("per_class");
    return (inputs, job) -> {
      List<Box> boxes =
          Box.list(KernelInputs.only(inputs)).stream().filter(b -> b.score() >= score).toList();
      return List.of(Box.tensor(Nms.hard(boxes, Overlap.IOU, iou, perClass)));
    };
  }
}
