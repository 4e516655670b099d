package io.sluice.aks.kernel.ocr;

import io.sluice.aks.Kernel;
import io.sluice.aks.KernelContext;
import io.sluice.aks.KernelProvider;
import io.sluice.aks.KernelSpec;
import io.sluice.aks.NodeParams;
import io.sluice.aks.TensorSpec;
import io.sluice.aks.kernel.OrientationClassifier;
import io.sluice.xir.DataType;
import java.util.List;
import java.util.Optional;

/** A line's pixels to the input of the orientation network. */
public final class OcrPrepareOrientation implements KernelProvider {
  @Override
  public KernelSpec spec() {
    return KernelSpec.of(
        "OcrPrepareOrientation", "Scales a line to the input of the orientation network");
  }

  @Override
  public Optional<List<TensorSpec>> outputs(NodeParams params, List<TensorSpec> inputs) {
    return Optional.of(
        List.of(TensorSpec.of(DataType.FLOAT32, 1, TensorSpec.ANY, TensorSpec.ANY, 3)));
  }

  @Override
  public Kernel create(NodeParams params, KernelContext context) {
    return (inputs, job) -> List.of(OrientationClassifier.prepare(inputs.get(0)));
  }
}
