package io.sluice.aks.kernel.ocr;

import io.sluice.aks.Kernel;
import io.sluice.aks.KernelContext;
import io.sluice.aks.KernelProvider;
import io.sluice.aks.KernelSpec;
import io.sluice.aks.NodeParams;
import io.sluice.aks.TensorSpec;
import io.sluice.aks.kernel.RecognitionPreprocess;
import io.sluice.xir.DataType;
import java.util.List;
import java.util.Optional;

/** A line's pixels to the input of the recognition network, in one of its widths. */
public final class OcrPrepareRecognition implements KernelProvider {
  @Override
  public KernelSpec spec() {
    return KernelSpec.of(
        "OcrPrepareRecognition", "Scales a line to the input of the recognition network");
  }

  @Override
  public Optional<List<TensorSpec>> outputs(NodeParams params, List<TensorSpec> inputs) {
    return Optional.of(
        List.of(TensorSpec.of(DataType.FLOAT32, 1, TensorSpec.ANY, TensorSpec.ANY, 3)));
  }

  @Override
  public Kernel create(NodeParams params, KernelContext context) {
    return (inputs, job) -> List.of(RecognitionPreprocess.prepare(inputs.get(0)).tensor());
  }
}
