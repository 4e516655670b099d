package io.sluice.aks.kernel.ocr;

import io.sluice.aks.Kernel;
import io.sluice.aks.KernelContext;
import io.sluice.aks.KernelProvider;
import io.sluice.aks.KernelSpec;
import io.sluice.aks.NodeParams;
import io.sluice.aks.TensorSpec;
import io.sluice.aks.kernel.DbPostprocess;
import io.sluice.aks.kernel.DetectionPreprocess;
import io.sluice.aks.kernel.KernelInputs;
import io.sluice.aks.kernel.TextBox;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.Optional;

/**
 * The boxes of a DB text detector: from the probability map FLOAT32 [1, S, S, 1] of a page that
 * {@link DetectionPreprocess} put into the upper left corner, shrunk when it is larger than the
 * map, to FLOAT32 [n, 9], eight coordinates of corners on the page and a score, in reading order.
 * Reads the page's size from the job's {@code img_dims}.
 */
public final class DbnetBoxes implements KernelProvider {
  @Override
  public KernelSpec spec() {
    return KernelSpec.of("DbnetBoxes", "boxes of text from a DB network's probabilities");
  }

  @Override
  public Optional<List<TensorSpec>> outputs(NodeParams params, List<TensorSpec> inputs) {
    return Optional.of(List.of(TensorSpec.of(DataType.FLOAT32, TensorSpec.ANY, TextBox.ROW)));
  }

  @Override
  public Kernel create(NodeParams params, KernelContext context) {
    return (inputs, job) -> {
      TensorData map = KernelInputs.only(inputs);
      float[] values = KernelInputs.floats(map, 1, -1, -1, 1);
      for (float value : values) {
        if (Float.isNaN(value)) {
          throw KernelInputs.unusable("a probability is NaN");
        }
      }
      int[] dims = job.getInts("img_dims");
      if (dims.length != 3 || dims[1] < 1 || dims[2] < 1) {
        throw KernelInputs.unusable("img_dims is not of one image");
      }
      float scale = DetectionPreprocess.scale(map.shape().dim(1), dims[1], dims[2]);
      return List.of(tensor(DbPostprocess.boxes(map, scale, dims[2], dims[1])));
    };
  }

  private static TensorData tensor(List<TextBox> boxes) {
    float[] rows = new float[boxes.size() * TextBox.ROW];
    for (int i = 0; i < boxes.size(); i++) {
      System.arraycopy(boxes.get(i).row(), 0, rows, i * TextBox.ROW, TextBox.ROW);
    }
    return TensorData.ofFloats(Shape.of(boxes.size(), TextBox.ROW), rows);
  }
}
