package io.sluice.dpu.exact;

import static io.sluice.onnx.OnnxAttributes.integer;

import io.sluice.onnx.proto.TensorProto;
import io.sluice.ort.OrtModel;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A mean as GlobalAveragePool. Its sum is exact in any order, and the quotient the nearest float if
 * ONNX Runtime divides once, which is tried on sums next to every boundary. What follows is exact
 * for every float: scaling by a power of two, and floor(t) + (t - floor(t) >= 1/2).
 */
final class MeanLowering implements Lowering<MeanKernel> {
  /** Sums that are tried beside each boundary. */
  private static final int[] BESIDE = {-1, 0, 1, 2};

  private final FloatArithmetic arithmetic;
  private final Map<MeanKernel, String> known = new HashMap<>();

  MeanLowering(FloatArithmetic arithmetic) {
    this.arithmetic = arithmetic;
  }

  @Override
  public String refusal(MeanKernel kernel, List<ValueRange> inputs) {
    if (kernel.pixels() > MeanKernel.MAX_PIXELS) {
      return kernel.pixels() + " pixels";
    }
    MeanKernel one = alone(kernel);
    if (!known.containsKey(one)) {
      known.put(one, tried(one));
    }
    return known.get(one);
  }

  /** For as many channels as there are sums to try: the kernel's own number does not matter. */
  private static MeanKernel alone(MeanKernel kernel) {
    Shape in = kernel.input();
    int channels = (Byte.MAX_VALUE - Byte.MIN_VALUE) * BESIDE.length;
    int few = Math.max(8, Math.min(channels, (1 << 21) / kernel.pixels() / 8 * 8));
    return new MeanKernel(Shape.of(1, in.dim(1), in.dim(2), few), kernel.shift());
  }

  private String tried(MeanKernel kernel) {
    Shape shape = kernel.input();
    byte[] values = values(kernel);
    TensorData input = TensorData.wrap(DataType.XINT8, shape, values);
    TensorData expected = kernel.run(List.of(input));
    Tensor in = new Tensor("x", DataType.XINT8, shape);
    Tensor out = new Tensor("y", DataType.XINT8, kernel.output());
    for (boolean blocked : new boolean[] {false, true}) {
      FloatGraph g = new FloatGraph();
      FloatGraph.Value x = g.input(in);
      FloatArithmetic form = arithmetic.forms(shape).get(0);
      String from = blocked ? form.scale(g, form.scale(g, x.name(), 1), -1) : x.name();
      g.output(out, new FloatGraph.Value(mean(g, from, kernel), kernel.output()));
      try (OrtModel model = new OrtModel(g.toBytes(), List.of(in), List.of(out), "mean", 1)) {
        if (!model.run(Map.of("x", input)).get("y").equals(expected)) {
          return "the mean of " + kernel.pixels() + " pixels is not one division";
        }
      }
    }
    return null;
  }

  /** Images whose sums are next to the boundaries between two results. */
  private static byte[] values(MeanKernel kernel) {
    Shape shape = kernel.input();
    int channels = shape.dim(3);
    int pixels = kernel.pixels();
    byte[] values = new byte[shape.elements()];
    for (int c = 0; c < channels; c++) {
      int boundary = c * 255 / channels + Byte.MIN_VALUE;
      double mean = Math.scalb(boundary + 0.5, kernel.shift());
      long sum = (long) Math.floor(mean * pixels) + BESIDE[c % BESIDE.length];
      long limited =
          Math.max((long) Byte.MIN_VALUE * pixels, Math.min((long) Byte.MAX_VALUE * pixels, sum));
      long base = Math.floorDiv(limited, pixels);
      long more = limited - base * pixels;
      for (int p = 0; p < pixels; p++) {
        values[p * channels + c] = (byte) (base + (p < more ? 1 : 0));
      }
    }
    return values;
  }

  @Override
  public FloatGraph.Value lower(
      MeanKernel kernel, List<FloatGraph.Value> inputs, List<ValueRange> ranges, FloatGraph g) {
    return new FloatGraph.Value(mean(g, inputs.get(0).name(), kernel), kernel.output());
  }

  private static String mean(FloatGraph g, String x, MeanKernel kernel) {
    String mean = g.node("GlobalAveragePool", List.of(x));
    String scaled = g.multiply(mean, Math.scalb(1.0, -kernel.shift()));
    String whole = g.floor(scaled);
    String upper = g.node("GreaterOrEqual", List.of(g.subtract(scaled, whole), g.scalar(0.5)));
    String carry = g.node("Cast", List.of(upper), integer("to", TensorProto.DataType.FLOAT_VALUE));
    return g.clip(g.add(whole, carry), Byte.MIN_VALUE, Byte.MAX_VALUE);
  }

  @Override
  public ValueRange range(MeanKernel kernel, List<ValueRange> inputs) {
    int pixels = kernel.pixels();
    return inputs
        .get(0)
        .map(
            in ->
                new ValueRange.Interval(
                    kernel.mean(pixels * in.low()), kernel.mean(pixels * in.high())));
  }
}
