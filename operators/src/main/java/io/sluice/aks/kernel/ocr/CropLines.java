package io.sluice.aks.kernel.ocr;

import io.sluice.aks.JobParams;
import io.sluice.aks.Kernel;
import io.sluice.aks.KernelContext;
import io.sluice.aks.KernelProvider;
import io.sluice.aks.KernelSpec;
import io.sluice.aks.NodeParams;
import io.sluice.aks.SplittingKernel;
import io.sluice.aks.TensorSpec;
import io.sluice.aks.kernel.CropRotate;
import io.sluice.aks.kernel.KernelInputs;
import io.sluice.aks.kernel.TextBox;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Cuts the lines of {@link DbnetBoxes} out of a page, UINT8 [H, W, 3], and straightens them: each
 * is a part of the job with UINT8 [h, w, 3], the line, and FLOAT32 [9], its box. Takes the page,
 * then the boxes.
 */
public final class CropLines implements KernelProvider {
  @Override
  public KernelSpec spec() {
    return KernelSpec.of("CropLines", "cuts lines of text out of a page");
  }

  @Override
  public Optional<List<TensorSpec>> outputs(NodeParams params, List<TensorSpec> inputs) {
    return Optional.of(
        List.of(
            TensorSpec.of(DataType.UINT8, TensorSpec.ANY, TensorSpec.ANY, 3),
            TensorSpec.of(DataType.FLOAT32, TextBox.ROW)));
  }

  @Override
  public Kernel create(NodeParams params, KernelContext context) {
    return new Work();
  }

  private static final class Work implements SplittingKernel {
    private static final long serialVersionUID = 1L;

    @Override
    public List<List<TensorData>> split(List<TensorData> inputs, JobParams job) {
      TensorData page = KernelInputs.exactly(inputs, 2).get(0);
      float[] rows = KernelInputs.floats(inputs.get(1), -1, TextBox.ROW);
      List<List<TensorData>> lines = new ArrayList<>();
      for (int i = 0; i < rows.length; i += TextBox.ROW) {
        float[] row = Arrays.copyOfRange(rows, i, i + TextBox.ROW);
        lines.add(
            List.of(
                CropRotate.crop(page, TextBox.ofRow(row)),
                TensorData.ofFloats(Shape.of(TextBox.ROW), row)));
      }
      return lines;
    }
  }
}
