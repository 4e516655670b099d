package io.sluice.aks.kernel.detection;

import io.sluice.aks.KernelProvider;
import io.sluice.aks.NodeParams;
import io.sluice.aks.TensorSpec;
import io.sluice.xir.DataType;
import java.util.List;
import java.util.Optional;

/** A kernel whose only output is boxes, FLOAT32 [n, 7]. */
abstract class BoxKernel implements KernelProvider {
  @Override
  public final Optional<List<TensorSpec>> outputs(NodeParams params, List<TensorSpec> inputs) {
    return Optional.of(List.of(TensorSpec.of(DataType.FLOAT32, TensorSpec.ANY, Box.ROW)));
  }
}
