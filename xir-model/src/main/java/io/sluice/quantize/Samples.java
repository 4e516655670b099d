package io.sluice.quantize;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xir.DataType;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Calibration data: for each input of a graph one FLOAT32 tensor that holds all samples along
 * dimension 0. A sample is what the graph takes at once, [1, H, W, C] as a rule.
 */
public final class Samples {
  private final Map<String, TensorData> data;
  private final Map<String, Shape> sampleShapes;
  private final int count;

  private Samples(Map<String, TensorData> data, Map<String, Shape> sampleShapes, int count) {
    this.data = data;
    this.sampleShapes = sampleShapes;
    this.count = count;
  }

  /**
   * Data of a graph, by the names of its input tensors. A feature map may be channel-last as the
   * graph has it or channel-first as an ONNX file has it; where both would fit, it is taken as
   * channel-last.
   *
   * @param inputs the graph's {@code data} ops
   * @throws SluiceException QUANTIZER_TORCH_SHAPE_MISMATCH if names, types or shapes do not fit,
   *     QUANTIZER_TORCH_NO_CALIBRATION if there is no sample
   */
  public static Samples of(List<Op> inputs, Map<String, TensorData> data) {
    Map<String, TensorData> taken = new LinkedHashMap<>();
    Map<String, Shape> shapes = new LinkedHashMap<>();
    int count = -1;
    for (Op input : inputs) {
      String name = input.output().name();
      TensorData all = data.get(name);
      if (all == null) {
        throw mismatch(
            "no data for input '" + name + "'",
            "calibration data with " + new TreeSet<>(data.keySet()),
            "name the arrays as the model names its inputs");
      }
      Shape shape = input.output().shape();
      if (!all.type().equals(DataType.FLOAT32)) {
        throw mismatch(
            "data of type " + all.type() + " for input '" + name + "'",
            "calibration data",
            "give float32 values, prepared as the model wants them");
      }
      TensorData fitted = fit(all, shape, name);
      int samples = fitted.shape().dim(0) / shape.dim(0);
      if (count >= 0 && samples != count) {
        throw mismatch(
            samples + " samples for input '" + name + "' where another input has " + count,
            "calibration data",
            "give as many for every input");
      }
      count = samples;
      taken.put(name, fitted);
      shapes.put(name, shape);
    }
    if (count <= 0) {
      throw new SluiceException(
          ErrorCode.QUANTIZER_TORCH_NO_CALIBRATION,
          "no sample to calibrate with",
          "calibration data",
          "give 100 to 1000 samples of what the model will see, stacked along dimension 0");
    }
    return new Samples(taken, shapes, count);
  }

  private static TensorData fit(TensorData all, Shape shape, String name) {
    if (fits(all.shape(), shape)) {
      return all;
    }
    if (shape.rank() == 4 && all.shape().rank() == 4) {
      Shape channelFirst = Shape.of(shape.dim(0), shape.dim(3), shape.dim(1), shape.dim(2));
      if (fits(all.shape(), channelFirst)) {
        return toChannelLast(all);
      }
    }
    throw mismatch(
        "data of shape " + all.shape() + " for input '" + name + "' of shape " + shape,
        "calibration data",
        "stack samples of that shape along dimension 0");
  }

  private static boolean fits(Shape all, Shape one) {
    if (all.rank() != one.rank() || all.rank() == 0 || all.dim(0) % one.dim(0) != 0) {
      return false;
    }
    return all.withDim(0, one.dim(0)).equals(one);
  }

  private static TensorData toChannelLast(TensorData from) {
    Shape s = from.shape();
    int n = s.dim(0);
    int c = s.dim(1);
    int area = s.dim(2) * s.dim(3);
    float[] values = from.toFloats();
    float[] turned = new float[values.length];
    for (int b = 0; b < n; b++) {
      for (int k = 0; k < c; k++) {
        int source = (b * c + k) * area;
        for (int i = 0; i < area; i++) {
          turned[(b * area + i) * c + k] = values[source + i];
        }
      }
    }
    return TensorData.ofFloats(Shape.of(n, s.dim(2), s.dim(3), c), turned);
  }

  /** The number of samples. */
  public int count() {
    return count;
  }

  /** One sample, by the names of the input tensors. */
  public Map<String, TensorData> sample(int index) {
    Map<String, TensorData> sample = new LinkedHashMap<>();
    data.forEach(
        (name, all) -> {
          Shape shape = sampleShapes.get(name);
          int length = shape.elements() * Float.BYTES;
          byte[] bytes = new byte[length];
          System.arraycopy(all.array(), index * length, bytes, 0, length);
          sample.put(name, TensorData.wrap(DataType.FLOAT32, shape, bytes));
        });
    return sample;
  }

  /** All samples, in order. */
  public List<Map<String, TensorData>> all() {
    List<Map<String, TensorData>> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(sample(i));
    }
    return all;
  }

  private static SluiceException mismatch(String thing, String place, String remedy) {
    return new SluiceException(ErrorCode.QUANTIZER_TORCH_SHAPE_MISMATCH, thing, place, remedy);
  }
}
