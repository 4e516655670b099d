package io.sluice.aks.kernel.detection;

import io.sluice.aks.JobParams;
import io.sluice.aks.JobPart;
import io.sluice.aks.JoiningKernel;
import io.sluice.aks.Kernel;
import io.sluice.aks.KernelContext;
import io.sluice.aks.KernelSpec;
import io.sluice.aks.NodeParams;
import io.sluice.aks.ParamValue;
import io.sluice.aks.kernel.KernelInputs;
import io.sluice.aks.kernel.KernelParams;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.List;

/**
 * Brings the boxes of {@link Tile}'s tiles, FLOAT32 [n, 7] in pixels of each tile, back to the
 * image, clips them to it, and keeps the best of those that overlap. {@code overlap} is {@code iou}
 * or, so that an object cut by a tile's border goes when it is whole in the next, {@code smaller}:
 * the intersection over the smaller box.
 */
public final class MergeTiles extends BoxKernel {
  @Override
  public KernelSpec spec() {
    return KernelSpec.of("MergeTiles", "brings boxes of tiles back to the image")
        .defaults("overlap", ParamValue.of("smaller"))
        .defaults("thresh", ParamValue.of(0.5f))
        .defaults("per_class", ParamValue.of(1));
  }

  @Override
  public Kernel create(NodeParams nodeParams, KernelContext context) {
    KernelParams params = new KernelParams(this, nodeParams);
    boolean smaller = params.choice("overlap", "iou", "smaller").equals("smaller");
    return new Work(
        smaller ? Overlap.SMALLER : Overlap.IOU,
        params.number("thresh", 0, 1),
        params.flag("per_class"));
  }

  private record Work(Overlap overlap, float threshold, boolean perClass) implements JoiningKernel {
    @Override
    public List<TensorData> join(List<JobPart> parts, JobParams job) {
      int[] xs = job.getInts("tile_xs");
      int[] ys = job.getInts("tile_ys");
      ImageSizes sizes = ImageSizes.of(job, 1);
      if (parts.size() != xs.length || xs.length != ys.length) {
        throw KernelInputs.unusable(parts.size() + " parts of " + xs.length + " tiles");
      }
      List<Box> boxes = new ArrayList<>();
      for (int i = 0; i < parts.size(); i++) {
        for (Box box : Box.list(KernelInputs.only(parts.get(i).tensors()))) {
          Box moved = box.moved(0, xs[i], ys[i]);
          if (moved.isOn(sizes.width(0), sizes.height(0))) {
            boxes.add(moved.clipped(sizes.width(0), sizes.height(0)));
          }
        }
        Box.bounded(boxes.size());
      }
      return List.of(Box.tensor(Nms.hard(boxes, overlap, threshold, perClass)));
    }
  }
}
