package io.sluice.aks.kernel.ocr;

import io.sluice.aks.Kernel;
import io.sluice.aks.KernelContext;
import io.sluice.aks.KernelProvider;
import io.sluice.aks.KernelSpec;
import io.sluice.aks.NodeParams;
import io.sluice.aks.TensorSpec;
import io.sluice.aks.kernel.CropRotate;
import io.sluice.aks.kernel.OrientationClassifier;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.Optional;

/**
 * A line and the orientation network's output to the line upright, and UINT8 [1]: 1 if it was
 * turned.
 */
public final class OcrTurnLine implements KernelProvider {
  @Override
  public KernelSpec spec() {
    return KernelSpec.of("OcrTurnLine", "Turns a line that stands on its head");
  }

  @Override
  public Optional<List<TensorSpec>> outputs(NodeParams params, List<TensorSpec> inputs) {
    return Optional.of(
        List.of(
            TensorSpec.of(DataType.UINT8, TensorSpec.ANY, TensorSpec.ANY, 3),
            TensorSpec.of(DataType.UINT8, 1)));
  }

  @Override
  public Kernel create(NodeParams params, KernelContext context) {
    return (inputs, job) -> {
      boolean turn = OrientationClassifier.isUpsideDown(inputs.get(1));
      TensorData line = turn ? CropRotate.rotate180(inputs.get(0)) : inputs.get(0);
      byte[] flag = {(byte) (turn ? 1 : 0)};
      return List.of(line, TensorData.wrap(DataType.UINT8, Shape.of(1), flag));
    };
  }
}
