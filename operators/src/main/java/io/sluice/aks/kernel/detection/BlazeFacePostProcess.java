package io.sluice.aks.kernel.detection;

import io.sluice.aks.Kernel;
import io.sluice.aks.KernelContext;
import io.sluice.aks.KernelProvider;
import io.sluice.aks.KernelSpec;
import io.sluice.aks.NodeParams;
import io.sluice.aks.ParamValue;
import io.sluice.aks.TensorSpec;
import io.sluice.aks.kernel.KernelInputs;
import io.sluice.aks.kernel.KernelParams;
import io.sluice.aks.kernel.image.Letterbox;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Faces of a BlazeFace network, see {@link BlazeFaceDecoder}, whose image was letterboxed: boxes
 * FLOAT32 [n, 7] with label 0, and key points FLOAT32 [n, 2 x keypoints], x and y of each, both in
 * pixels of the image and not clipped. Takes FLOAT32 [N, ...] of 4 + 2 x keypoints values for each
 * anchor, and of one score for each. The defaults are those of the network for front cameras: 128 x
 * 128, 896 anchors, 6 points. Reads the job's {@code img_dims}.
 */
public final class BlazeFacePostProcess implements KernelProvider {
  @Override
  public KernelSpec spec() {
    return KernelSpec.of("BlazeFacePostProcess", "faces of a BlazeFace network")
        .defaults("net_w", ParamValue.of(128))
        .defaults("net_h", ParamValue.of(128))
        .defaults("strides", ParamValue.ofInts(List.of(8, 16)))
        .defaults("anchors_per_cell", ParamValue.ofInts(List.of(2, 6)))
        .defaults("keypoints", ParamValue.of(6))
        .defaults("conf_thresh", ParamValue.of(0.5f))
        .defaults("iou_thresh", ParamValue.of(0.3f));
  }

  @Override
  public Optional<List<TensorSpec>> outputs(NodeParams nodeParams, List<TensorSpec> inputs) {
    int points = new KernelParams(this, nodeParams).integer("keypoints", 0, 1000);
    return Optional.of(
        List.of(
            TensorSpec.of(DataType.FLOAT32, TensorSpec.ANY, Box.ROW),
            TensorSpec.of(DataType.FLOAT32, TensorSpec.ANY, 2 * points)));
  }

  @Override
  public Kernel create(NodeParams nodeParams, KernelContext context) {
    KernelParams params = new KernelParams(this, nodeParams);
    int netWidth = params.integer("net_w", 1, 1024);
    int netHeight = params.integer("net_h", 1, 1024);
    int[] strides = params.integers("strides", 1, 1024);
    int[] perCell = params.integers("anchors_per_cell", 1, 100);
    if (strides.length != perCell.length || strides.length > 16) {
      throw params.bad(
          "anchors_per_cell",
          perCell.length + " values",
          "give one for each of at most 16 strides");
    }
    long anchors = 0;
    for (int i = 0; i < strides.length; i++) {
      anchors += (netWidth / strides[i] + 1L) * (netHeight / strides[i] + 1) * perCell[i];
    }
    if (anchors > 1_000_000) {
      throw params.bad("strides", "for " + anchors + " anchors", "give a million at most");
    }
    BlazeFaceDecoder decoder =
        new BlazeFaceDecoder(
            netWidth,
            netHeight,
            BlazeFaceDecoder.anchors(netWidth, netHeight, strides, perCell),
            params.integer("keypoints", 0, 1000),
            params.number("conf_thresh", 0, 1),
            params.number("iou_thresh", 0, 1));
    return (inputs, job) -> {
      KernelInputs.exactly(inputs, 2);
      int batch = inputs.get(0).shape().rank() == 0 ? 0 : inputs.get(0).shape().dim(0);
      int perAnchor = decoder.valuesPerAnchor();
      boolean rawFirst =
          inputs.get(0).shape().elements() == (long) batch * decoder.count() * perAnchor;
      float[] raw = values(inputs.get(rawFirst ? 0 : 1), batch, decoder.count() * perAnchor);
      float[] scores = values(inputs.get(rawFirst ? 1 : 0), batch, decoder.count());
      ImageSizes sizes = ImageSizes.of(job, batch);
      List<Box> boxes = new ArrayList<>();
      List<float[]> points = new ArrayList<>();
      for (int b = 0; b < batch; b++) {
        int width = sizes.width(b);
        int height = sizes.height(b);
        Letterbox box = Letterbox.of(width, height, netWidth, netHeight);
        for (BlazeFaceDecoder.Face face : decoder.decode(raw, scores, b)) {
          float[] at = face.values().clone();
          for (int i = 0; i < at.length; i += 2) {
            at[i] = box.imageX(at[i]) * width;
            at[i + 1] = box.imageY(at[i + 1]) * height;
          }
          boxes.add(new Box(b, at[0], at[1], at[2], at[3], 0, face.score()));
          points.add(at);
        }
      }
      return List.of(Box.tensor(boxes), points(points, decoder.keypoints()));
    };
  }

  private static TensorData points(List<float[]> faces, int keypoints) {
    float[] all = new float[faces.size() * 2 * keypoints];
    for (int i = 0; i < faces.size(); i++) {
      System.arraycopy(faces.get(i), 4, all, i * 2 * keypoints, 2 * keypoints);
    }
    return TensorData.ofFloats(Shape.of(faces.size(), 2 * keypoints), all);
  }

  private static float[] values(TensorData tensor, int batch, int count) {
    if (!tensor.type().equals(DataType.FLOAT32)
        || batch == 0
        || tensor.shape().elements() != (long) batch * count) {
      throw KernelInputs.unfit(tensor.toString(), "FLOAT32 of " + count + " values for each image");
    }
    return tensor.toFloats();
  }
}
