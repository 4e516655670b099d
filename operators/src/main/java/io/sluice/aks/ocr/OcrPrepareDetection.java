package io.sluice.aks.ocr;

import io.sluice.aks.Kernel;
import io.sluice.aks.KernelContext;
import io.sluice.aks.KernelProvider;
import io.sluice.aks.KernelSpec;
import io.sluice.aks.NodeParams;
import io.sluice.aks.TensorSpec;
import io.sluice.aks.kernel.DetectionInput;
import io.sluice.aks.kernel.DetectionPreprocess;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.Optional;

/** A page to the input of the detection network and FLOAT32 [1]: network pixels per image pixel. */
public final class OcrPrepareDetection implements KernelProvider {
  @Override
  public KernelSpec spec() {
    return KernelSpec.of(
        "OcrPrepareDetection", "Scales a page to the input of the detection network");
  }

  @Override
  public Optional<List<TensorSpec>> outputs(NodeParams params, List<TensorSpec> inputs) {
    return Optional.of(
        List.of(
            TensorSpec.of(DataType.FLOAT32, 1, TensorSpec.ANY, TensorSpec.ANY, 3),
            TensorSpec.of(DataType.FLOAT32, 1)));
  }

  @Override
  public Kernel create(NodeParams params, KernelContext context) {
    return (inputs, job) -> {
      DetectionInput input = DetectionPreprocess.prepare(inputs.get(0));
      return List.of(input.tensor(), TensorData.ofFloats(Shape.of(1), input.scale()));
    };
  }
}
