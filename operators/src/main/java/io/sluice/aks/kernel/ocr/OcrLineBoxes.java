package io.sluice.aks.kernel.ocr;

import io.sluice.aks.JobParams;
import io.sluice.aks.JobPart;
import io.sluice.aks.JoiningKernel;
import io.sluice.aks.Kernel;
import io.sluice.aks.KernelContext;
import io.sluice.aks.KernelProvider;
import io.sluice.aks.KernelSpec;
import io.sluice.aks.NodeParams;
import io.sluice.aks.TensorSpec;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.Optional;

/**
 * The lines of a page, each its box and whether it was turned, to FLOAT32 [n, 10]: eight
 * coordinates of corners, the detector's score, and 1 for a line upside down.
 */
public final class OcrLineBoxes implements KernelProvider {
  private static final int COLUMNS = 10;

  @Override
  public KernelSpec spec() {
    return KernelSpec.of("OcrLineBoxes", "Collects the boxes of a page's lines");
  }

  @Override
  public Optional<List<TensorSpec>> outputs(NodeParams params, List<TensorSpec> inputs) {
    return Optional.of(List.of(TensorSpec.of(DataType.FLOAT32, TensorSpec.ANY, COLUMNS)));
  }

  @Override
  public Kernel create(NodeParams params, KernelContext context) {
    return new Joiner();
  }

  private static final class Joiner implements JoiningKernel {
    private static final long serialVersionUID = 1L;

    @Override
    public List<TensorData> join(List<JobPart> parts, JobParams job) {
      float[] rows = new float[parts.size() * COLUMNS];
      for (int i = 0; i < parts.size(); i++) {
        List<TensorData> tensors = parts.get(i).tensors();
        System.arraycopy(tensors.get(0).toFloats(), 0, rows, i * COLUMNS, COLUMNS - 1);
        rows[i * COLUMNS + COLUMNS - 1] = tensors.get(1).getByte(0);
      }
      return List.of(TensorData.ofFloats(Shape.of(parts.size(), COLUMNS), rows));
    }
  }
}
