package io.sluice.aks.kernel.classification;

import io.sluice.aks.Kernel;
import io.sluice.aks.KernelContext;
import io.sluice.aks.KernelProvider;
import io.sluice.aks.KernelSpec;
import io.sluice.aks.NodeParams;
import io.sluice.aks.ParamType;
import io.sluice.aks.ParamValue;
import io.sluice.aks.TensorSpec;
import io.sluice.aks.kernel.KernelInputs;
import io.sluice.aks.kernel.KernelParams;
import io.sluice.aks.kernel.tensor.Softmax;
import io.sluice.aks.kernel.tensor.TopK;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.Optional;

/**
 * Kernel {@code classificationPostProcess}: the softmax of a network's scores, FLOAT32 [N, ...]
 * with the classes over all axes but the first, and the {@code top_k} best classes of each image:
 * INT32 [N, K, 1, 1] labels and FLOAT32 [N, K, 1, 1] probabilities, the best first, of equal ones
 * the lower label first. K is the number of classes if that is less. {@code in_width} and {@code
 * in_height} are declared by AKS and not needed.
 */
public final class ClassificationPostProcess implements KernelProvider {
  private static final int MAX_K = 100_000;

  @Override
  public KernelSpec spec() {
    return KernelSpec.of("classificationPostProcess", "softmax and the best classes")
        .allows("in_width", ParamType.INT)
        .allows("in_height", ParamType.INT)
        .defaults("top_k", ParamValue.of(5));
  }

  @Override
  public Optional<List<TensorSpec>> outputs(NodeParams params, List<TensorSpec> inputs) {
    int k = topK(params);
    if (inputs.size() > 1) {
      throw new SluiceException(
          ErrorCode.SLUICE_GRAPH_SHAPE,
          inputs.size() + " tensors of scores",
          "node '" + params.node() + "'",
          "choose one of the network's outputs by the node's inputs");
    }
    int batch = TensorSpec.ANY;
    int classes = TensorSpec.ANY;
    if (inputs.size() == 1 && inputs.get(0).rank().isPresent()) {
      TensorSpec scores = inputs.get(0);
      int rank = scores.rank().get();
      if (rank < 2 || scores.knownType() != null && !scores.knownType().equals(DataType.FLOAT32)) {
        throw new SluiceException(
            ErrorCode.SLUICE_GRAPH_SHAPE,
            scores + " where FLOAT32 [N, ...] scores are wanted",
            "node '" + params.node() + "'",
            "connect the output of a classification network");
      }
      batch = scores.dim(0);
      classes = 1;
      for (int axis = 1; axis < rank; axis++) {
        int dim = scores.dim(axis);
        classes =
            dim == TensorSpec.ANY || classes == TensorSpec.ANY ? TensorSpec.ANY : classes * dim;
      }
    }
    int kept = classes == TensorSpec.ANY ? TensorSpec.ANY : Math.min(k, classes);
    return Optional.of(
        List.of(
            TensorSpec.of(DataType.INT32, batch, kept, 1, 1),
            TensorSpec.of(DataType.FLOAT32, batch, kept, 1, 1)));
  }

  @Override
  public Kernel create(NodeParams params, KernelContext context) {
    int k = topK(params);
    return (inputs, job) -> best(KernelInputs.only(inputs), k);
  }

  private int topK(NodeParams params) {
    return new KernelParams(this, params).integer("top_k", 1, MAX_K);
  }

  static List<TensorData> best(TensorData scores, int k) {
    Shape shape = scores.shape();
    if (shape.rank() < 2 || shape.elements() == 0 || !scores.type().equals(DataType.FLOAT32)) {
      throw KernelInputs.unfit(scores.toString(), "FLOAT32 [N, classes]");
    }
    int batch = shape.dim(0);
    int classes = shape.elements() / batch;
    int kept = Math.min(k, classes);
    float[] values = scores.toFloats();
    int[] labels = new int[batch * kept];
    float[] probabilities = new float[batch * kept];
    for (int b = 0; b < batch; b++) {
      Softmax.inPlace(values, b * classes, classes);
      int[] best = TopK.indices(values, b * classes, classes, kept);
      for (int i = 0; i < kept; i++) {
        labels[b * kept + i] = best[i];
        probabilities[b * kept + i] = values[b * classes + best[i]];
      }
    }
    Shape out = Shape.of(batch, kept, 1, 1);
    return List.of(TensorData.ofInts(out, labels), TensorData.ofFloats(out, probabilities));
  }
}
