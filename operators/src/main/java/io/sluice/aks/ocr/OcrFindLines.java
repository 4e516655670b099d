package io.sluice.aks.ocr;

import io.sluice.aks.JobParams;
import io.sluice.aks.Kernel;
import io.sluice.aks.KernelContext;
import io.sluice.aks.KernelProvider;
import io.sluice.aks.KernelSpec;
import io.sluice.aks.NodeParams;
import io.sluice.aks.SplittingKernel;
import io.sluice.aks.TensorSpec;
import io.sluice.aks.kernel.CropRotate;
import io.sluice.aks.kernel.DbPostprocess;
import io.sluice.aks.kernel.TextBox;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Page, scale and the detection network's output to a part for each line: FLOAT32 [9], eight
 * coordinates of corners and the score, and the line's pixels UINT8 [h, w, 3].
 */
public final class OcrFindLines implements KernelProvider {
  @Override
  public KernelSpec spec() {
    return KernelSpec.of("OcrFindLines", "Cuts the lines out of a page");
  }

  @Override
  public Optional<List<TensorSpec>> outputs(NodeParams params, List<TensorSpec> inputs) {
    return Optional.of(
        List.of(
            TensorSpec.of(DataType.FLOAT32, 9),
            TensorSpec.of(DataType.UINT8, TensorSpec.ANY, TensorSpec.ANY, 3)));
  }

  @Override
  public Kernel create(NodeParams params, KernelContext context) {
    return new Finder();
  }

  private static final class Finder implements SplittingKernel {
    private static final long serialVersionUID = 1L;

    @Override
    public List<List<TensorData>> split(List<TensorData> inputs, JobParams job) {
      TensorData image = inputs.get(0);
      float scale = inputs.get(1).getFloat(0);
      List<List<TensorData>> lines = new ArrayList<>();
      for (TextBox box :
          DbPostprocess.boxes(inputs.get(2), scale, image.shape().dim(1), image.shape().dim(0))) {
        float[] values = Arrays.copyOf(box.corners(), 9);
        values[8] = box.score();
        lines.add(List.of(TensorData.ofFloats(Shape.of(9), values), CropRotate.crop(image, box)));
      }
      return lines;
    }
  }
}
