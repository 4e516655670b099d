package io.sluice.aks.kernel.detection;

import io.sluice.aks.Kernel;
import io.sluice.aks.KernelContext;
import io.sluice.aks.KernelSpec;
import io.sluice.aks.NodeParams;
import io.sluice.aks.ParamType;
import io.sluice.aks.ParamValue;
import io.sluice.aks.kernel.KernelParams;
import io.sluice.aks.kernel.image.Layout;

/**
 * The boxes of a YOLO v2 or v3 network, see {@link YoloDecoder}: suppressed within each class where
 * they overlap by {@code iou_thresh} or more, then clipped to the image, and left out when they lie
 * beside it. Reads the job's {@code img_dims}.
 */
public final class YoloPostProcess extends BoxKernel {
  @Override
  public KernelSpec spec() {
    return KernelSpec.of("YoloPostProcess", "boxes of YOLO v2 and v3")
        .requires("yolo_version", ParamType.INT)
        .requires("net_h", ParamType.INT)
        .requires("net_w", ParamType.INT)
        .requires("num_classes", ParamType.INT)
        .requires("anchor_cnt", ParamType.INT)
        .requires("conf_thresh", ParamType.FLOAT)
        .requires("iou_thresh", ParamType.FLOAT)
        .defaults("input_layout", ParamValue.of("NCHW"))
        .requires("biases", ParamType.FLOAT_ARRAY);
  }

  @Override
  public Kernel create(NodeParams nodeParams, KernelContext context) {
    KernelParams params = new KernelParams(this, nodeParams);
    float iou = params.number("iou_thresh", 0, 1);
    YoloDecoder decoder =
        new YoloDecoder(
            params.integer("yolo_version", 2, 3),
            params.side("net_w"),
            params.side("net_h"),
            params.integer("num_classes", 1, 10_000),
            params.integer("anchor_cnt", 1, 100),
            params.number("conf_thresh", 0, 1),
            params.sizes("biases"),
            Layout.of(params, "input_layout"));
    if (decoder.biases().length % (2 * decoder.anchors()) != 0) {
      throw params.bad(
          "biases",
          decoder.biases().length + " values",
          "give a width and a height for each of the anchor_cnt anchors of each map");
    }
    return (inputs, job) ->
        onImages(
            job,
            decoder.batch(inputs),
            (image, width, height) ->
                Nms.hard(decoder.decode(inputs, image, width, height), Overlap.IOU, iou, true)
                    .stream());
  }
}
