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
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Faces of a DenseBox network: FLOAT32 [n, 6] rows of batch, x, y, width, height, score, in pixels
 * of the network's input, the best of each image first. Takes the map of scores and the map of
 * corners, NHWC, in either order. With {@code gs_tiling} both are untiled by {@code stride} first.
 * AKS's thresholds, 0.7 for a face and 0.3 for overlap, are the defaults of parameters here.
 */
public final class FaceDetectPostProcess implements KernelProvider {
  private static final int ROW = 6;

  @Override
  public KernelSpec spec() {
    return KernelSpec.of("FaceDetectPostProcess", "faces of a DenseBox network")
        .withNumCu(2)
        .defaults("stride", ParamValue.of(8))
        .defaults("gs_tiling", ParamValue.of(0))
        .defaults("det_thresh", ParamValue.of(0.7f))
        .defaults("nms_thresh", ParamValue.of(0.3f));
  }

  @Override
  public Optional<List<TensorSpec>> outputs(NodeParams params, List<TensorSpec> inputs) {
    return Optional.of(List.of(TensorSpec.of(DataType.FLOAT32, TensorSpec.ANY, ROW)));
  }

  @Override
  public Kernel create(NodeParams nodeParams, KernelContext context) {
    KernelParams params = new KernelParams(this, nodeParams);
    int stride = params.integer("stride", 1, 64);
    int tiles = params.flag("gs_tiling") ? stride : 1;
    float threshold = params.number("det_thresh", 0, 1);
    float overlap = params.number("nms_thresh", 0, 1);
    return (inputs, job) -> {
      boolean scoresFirst = channels(KernelInputs.exactly(inputs, 2).get(0)) == 2 * tiles * tiles;
      TensorData scores = map(inputs.get(scoresFirst ? 0 : 1), 2, tiles);
      TensorData corners = map(inputs.get(scoresFirst ? 1 : 0), 4, tiles);
      for (int axis = 0; axis < 3; axis++) {
        if (scores.shape().dim(axis) != corners.shape().dim(axis)) {
          throw KernelInputs.unfit(inputs.toString(), "two maps of one size");
        }
      }
      List<Box> faces = new ArrayList<>();
      for (int image = 0; image < scores.shape().dim(0); image++) {
        List<Box> found = DenseBoxDecoder.decode(scores, corners, image, threshold);
        faces.addAll(Nms.hard(found, Overlap.PIXELS, overlap, false));
      }
      return List.of(tensor(faces));
    };
  }

  private static int channels(TensorData map) {
    return map.shape().rank() == 4 ? map.shape().dim(3) : 0;
  }

  private static TensorData map(TensorData map, int channels, int tiles) {
    if (channels(map) != channels * tiles * tiles || !map.type().equals(DataType.FLOAT32)) {
      throw KernelInputs.unfit(
          map.toString(), "FLOAT32 [N, H, W, " + channels * tiles * tiles + "]");
    }
    return tiles == 1 ? map : DenseBoxDecoder.untiled(map, tiles);
  }

  private static TensorData tensor(List<Box> faces) {
    float[] rows = new float[faces.size() * ROW];
    int i = 0;
    for (Box face : faces) {
      rows[i++] = face.batch();
      rows[i++] = face.left();
      rows[i++] = face.top();
      rows[i++] = face.right() - face.left();
      rows[i++] = face.bottom() - face.top();
      rows[i++] = face.score();
    }
    return TensorData.ofFloats(Shape.of(faces.size(), ROW), rows);
  }
}
