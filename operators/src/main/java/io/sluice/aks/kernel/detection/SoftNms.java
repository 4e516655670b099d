package io.sluice.aks.kernel.detection;

import io.sluice.aks.Kernel;
import io.sluice.aks.KernelContext;
import io.sluice.aks.KernelSpec;
import io.sluice.aks.NodeParams;
import io.sluice.aks.ParamValue;
import io.sluice.aks.kernel.KernelInputs;
import io.sluice.aks.kernel.KernelParams;
import java.util.List;

/**
 * Kernel {@code SoftNms}: lets scores decay where boxes overlap, {@code gaussian} with {@code
 * sigma} or {@code linear} from {@code iou_thresh} on, and drops what falls below {@code
 * score_thresh}.
 */
public final class SoftNms extends BoxKernel {
  @Override
  public KernelSpec spec() {
    return KernelSpec.of("SoftNms", "lowers the scores of boxes that overlap better ones")
        .defaults("method", ParamValue.of("gaussian"))
        .defaults("sigma", ParamValue.of(0.5f))
        .defaults("iou_thresh", ParamValue.of(0.3f))
        .defaults("score_thresh", ParamValue.of(0.001f))
        .defaults("per_class", ParamValue.of(1));
  }

  @Override
  public Kernel create(NodeParams nodeParams, KernelContext context) {
    KernelParams params = new KernelParams(this, nodeParams);
    boolean gaussian = params.choice("method", "gaussian", "linear").equals("gaussian");
    float sigma = params.number("sigma", 1e-3f, 1e3f);
    float iou = params.number("iou_thresh", 0, 1);
    float score = params.number("score_thresh", 0, 1);
    boolean perClass = params.flag("per_class");
    return (inputs, job) -> {
      Nms.Decay decay = gaussian ? Nms.Decay.gaussian(sigma) : Nms.Decay.linear(iou);
      List<Box> boxes = Box.list(KernelInputs.only(inputs));
      return List.of(Box.tensor(Nms.soft(boxes, decay, score, perClass)));
    };
  }
}
