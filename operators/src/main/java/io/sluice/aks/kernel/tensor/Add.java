package io.sluice.aks.kernel.tensor;

import io.sluice.aks.Kernel;
import io.sluice.aks.KernelContext;
import io.sluice.aks.KernelProvider;
import io.sluice.aks.KernelSpec;
import io.sluice.aks.NodeParams;
import io.sluice.aks.ParamType;
import io.sluice.aks.TensorSpec;
import io.sluice.aks.kernel.KernelInputs;
import io.sluice.xir.DataType;
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.Optional;

/**
 * Adds {@code adder} to every value of a FLOAT32 or INT32 tensor. INT32 wraps around, as Java and C
 * do.
 */
public final class Add implements KernelProvider {
  @Override
  public KernelSpec spec() {
    return KernelSpec.of("Add", "adds a constant").requires("adder", ParamType.INT);
  }

  @Override
  public Optional<List<TensorSpec>> outputs(NodeParams params, List<TensorSpec> inputs) {
    return inputs.size() == 1 ? Optional.of(inputs) : Optional.empty();
  }

  @Override
  public Kernel create(NodeParams params, KernelContext context) {
    int adder = params.getInt("adder");
    return (inputs, job) -> List.of(add(KernelInputs.only(inputs), adder));
  }

  static TensorData add(TensorData tensor, int adder) {
    if (tensor.type().equals(DataType.FLOAT32)) {
      float[] values = tensor.toFloats();
      for (int i = 0; i < values.length; i++) {
        values[i] += adder;
      }
      return TensorData.ofFloats(tensor.shape(), values);
    }
    if (tensor.type().equals(DataType.INT32)) {
      int[] values = new int[tensor.shape().elements()];
      for (int i = 0; i < values.length; i++) {
        values[i] = tensor.getInt(i) + adder;
      }
      return TensorData.ofInts(tensor.shape(), values);
    }
    throw KernelInputs.unfit(tensor.toString(), "FLOAT32 or INT32");
  }
}
