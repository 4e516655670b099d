package io.sluice.vart;

import io.sluice.compile.Compiler;
import io.sluice.quantize.QuantizeConfig;
import io.sluice.quantize.Quantizer;
import io.sluice.quantize.Samples;
import io.sluice.target.Targets;
import io.sluice.xir.Attrs;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A small network through the quantizer and the compiler: DPU, CPU, DPU, CPU. The second DPU part
 * is just large enough to be worth its borders.
 */
final class CompiledNet {
  static final Shape INPUT = Shape.of(1, 12, 12, 3);

  private final Random random = new Random(5);
  private final Graph graph = new Graph("net");

  private CompiledNet() {}

  /** The network with {@code fix} ops. */
  static Graph quantized() {
    return quantized(16, 1);
  }

  /**
   * With another second convolution.
   *
   * @param channels 64 with a kernel of 3 are worth a DPU part of their own
   * @param kernel odd
   */
  static Graph quantized(int channels, int kernel) {
    CompiledNet net = new CompiledNet();
    Op x =
        net.graph.add(
            "x", "data", Attrs.EMPTY.with("shape", INPUT.toArray()).with("data_type", "FLOAT32"));
    Op first = net.convolve("first", x, 8, 3, 1, 1);
    Op pooled = net.graph.add("pooled", "maxpool2d", window(2, 2, 0), net.unary("relu", first));
    Op second = net.convolve("second", pooled, channels, kernel, 1, kernel / 2);
    Op gate = net.unary("tanh", second);
    Op third = net.convolve("third", gate, 200, 6, 1, 0);
    Op flat =
        net.graph.add("flat", "reshape", Attrs.EMPTY.with("shape", new int[] {1, 200}), third);
    net.graph.add("y", "softmax", Attrs.EMPTY.with("axis", 1), flat);
    float[] samples = new float[8 * INPUT.elements()];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = net.random.nextFloat() * 2 - 1;
    }
    TensorData data = TensorData.ofFloats(INPUT.withDim(0, 8), samples);
    return Quantizer.quantize(
            net.graph, Samples.of(net.graph.inputs(), Map.of("x", data)), QuantizeConfig.standard())
        .graph();
  }

  static Graph compiled() {
    return compiled(quantized());
  }

  static Graph compiled(Graph quantized) {
    return Compiler.compile(quantized, Targets.builtIn().byName("DPUCZDX8G_ISA1_B4096")).graph();
  }

  static TensorData input(long seed) {
    Random random = new Random(seed);
    float[] values = new float[INPUT.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() * 2.4f - 1.2f;
    }
    return TensorData.ofFloats(INPUT, values);
  }

  private static Attrs window(int kernel, int stride, int pad) {
    return Attrs.EMPTY
        .with("kernel", new int[] {kernel, kernel})
        .with("stride", new int[] {stride, stride})
        .with("pad_mode", "FLOOR")
        .with("pad", new int[] {pad, pad, pad, pad});
  }

  private Op unary(String type, Op in) {
    return graph.add(in.name() + "_" + type, type, Attrs.EMPTY, in);
  }

  private Op convolve(String name, Op in, int channels, int kernel, int stride, int pad) {
    int depth = in.output().shape().dim(3);
    Op weights = constant(name + "_w", channels, kernel, kernel, depth);
    Op bias = constant(name + "_b", channels);
    return graph.add(
        name,
        "conv2d",
        window(kernel, stride, pad),
        Map.of("input", List.of(in), "weights", List.of(weights), "bias", List.of(bias)));
  }

  private Op constant(String name, int... shape) {
    float[] values = new float[Shape.of(shape).elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return graph.addConst(name, TensorData.ofFloats(Shape.of(shape), values));
  }
}
