package io.sluice.aks.kernel.detection;

import io.sluice.aks.Kernel;
import io.sluice.aks.KernelContext;
import io.sluice.aks.KernelSpec;
import io.sluice.aks.NodeParams;
import io.sluice.aks.ParamType;
import io.sluice.aks.ParamValue;
import io.sluice.aks.kernel.KernelInputs;
import io.sluice.aks.kernel.KernelParams;
import io.sluice.xir.DataType;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The boxes of an SSD network whose image was stretched to the input: two tensors, offsets FLOAT32
 * [N, ...] of 4 and scores FLOAT32 [N, ...] of {@code num_classes} values for each prior box.
 * Suppressed within each class, the {@code keep_top_k} best of each image clipped to it. Reads the
 * job's {@code img_dims}.
 *
 * <p>{@code feature_maps} gives rows and columns of each map, {@code min_sizes} and {@code
 * max_sizes} (0 for none) one size of each, {@code aspect_ratios} the ratios of the first map, then
 * of the second, {@code aspect_ratio_counts} how many are each one's: see {@link SsdAnchors}.
 */
public final class SsdPostProcess extends BoxKernel {
  private static final int MAX_ANCHORS = 1_000_000;

  @Override
  public KernelSpec spec() {
    return KernelSpec.of("SsdPostProcess", "boxes of an SSD network")
        .requires("net_w", ParamType.INT)
        .requires("net_h", ParamType.INT)
        .requires("num_classes", ParamType.INT)
        .requires("feature_maps", ParamType.INT_ARRAY)
        .requires("min_sizes", ParamType.FLOAT_ARRAY)
        .requires("max_sizes", ParamType.FLOAT_ARRAY)
        .requires("aspect_ratios", ParamType.FLOAT_ARRAY)
        .requires("aspect_ratio_counts", ParamType.INT_ARRAY)
        .defaults("variances", ParamValue.ofFloats(List.of(0.1f, 0.1f, 0.2f, 0.2f)))
        .defaults("softmax", ParamValue.of(1))
        .defaults("conf_thresh", ParamValue.of(0.3f))
        .defaults("iou_thresh", ParamValue.of(0.45f))
        .defaults("keep_top_k", ParamValue.of(200));
  }

  @Override
  public Kernel create(NodeParams nodeParams, KernelContext context) {
    KernelParams params = new KernelParams(this, nodeParams);
    int netWidth = params.side("net_w");
    int netHeight = params.side("net_h");
    SsdDecoder decoder =
        new SsdDecoder(
            SsdAnchors.of(maps(params), netWidth, netHeight),
            params.integer("num_classes", 2, 10_000),
            params.numbers("variances", 4),
            params.flag("softmax"),
            params.number("conf_thresh", 0, 1));
    float iou = params.number("iou_thresh", 0, 1);
    int keep = params.integer("keep_top_k", 1, MAX_ANCHORS);
    return (inputs, job) -> {
      KernelInputs.exactly(inputs, 2);
      int batch = inputs.get(0).shape().rank() == 0 ? 0 : inputs.get(0).shape().dim(0);
      float[] offsets = values(inputs.get(0), batch, decoder.count() * 4);
      float[] scores = values(inputs.get(1), batch, decoder.count() * decoder.classes());
      return onImages(
          job,
          batch,
          (image, width, height) ->
              Nms.hard(
                      decoder.decode(offsets, scores, image, width, height), Overlap.IOU, iou, true)
                  .stream()
                  .sorted(Comparator.comparing(Box::score).reversed())
                  .limit(keep));
    };
  }

  private static float[] values(TensorData tensor, int batch, int count) {
    if (!tensor.type().equals(DataType.FLOAT32)
        || batch == 0
        || tensor.shape().elements() != (long) batch * count) {
      throw KernelInputs.unfit(tensor.toString(), "FLOAT32 of " + count + " values for each image");
    }
    return tensor.toFloats();
  }

  private static List<SsdAnchors.FeatureMap> maps(KernelParams params) {
    int[] cells = params.integers("feature_maps", 1, 1024);
    int count = cells.length / 2;
    if (cells.length % 2 != 0) {
      throw params.bad(
          "feature_maps", cells.length + " values", "give rows and columns of each map");
    }
    float[] minSizes = params.numbers("min_sizes", count);
    float[] maxSizes = params.numbers("max_sizes", count);
    int[] ratioCounts = params.integers("aspect_ratio_counts", 0, 100);
    float[] ratios = params.sizes("aspect_ratios");
    if (ratioCounts.length != count || Arrays.stream(ratioCounts).sum() != ratios.length) {
      throw params.bad(
          "aspect_ratio_counts",
          Arrays.toString(ratioCounts),
          "say for each of " + count + " maps how many of " + ratios.length + " ratios it has");
    }
    List<SsdAnchors.FeatureMap> maps = new ArrayList<>();
    int from = 0;
    long anchors = 0;
    for (int i = 0; i < count; i++) {
      if (!(minSizes[i] > 0) || maxSizes[i] < 0) {
        throw params.bad("min_sizes", minSizes[i] + " beside " + maxSizes[i], "give sizes above 0");
      }
      float[] own = Arrays.copyOfRange(ratios, from, from + ratioCounts[i]);
      from += ratioCounts[i];
      maps.add(
          new SsdAnchors.FeatureMap(cells[2 * i], cells[2 * i + 1], minSizes[i], maxSizes[i], own));
      anchors += (long) cells[2 * i] * cells[2 * i + 1] * maps.get(i).perCell();
    }
    if (anchors > MAX_ANCHORS) {
      throw params.bad("feature_maps", anchors + " prior boxes", "give at most " + MAX_ANCHORS);
    }
    return maps;
  }
}
