package io.sluice.vart;

import io.sluice.xir.Attrs;
import io.sluice.xir.DataType;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.RoundMode;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Squeeze and excite on the CPU between two DPU subgraphs, x + x * gate(mean(x)), at fix positions
 * and with weights that a seed chooses.
 */
final class SqueezeNet {
  final Graph graph = new Graph("squeeze");
  final Shape shape;
  private final Random random;
  private final RoundMode rounding;
  private final List<Op> cpu = new ArrayList<>();

  SqueezeNet(long seed, int side, int channels, int largestWeight, RoundMode rounding) {
    this.random = new Random(seed);
    this.shape = Shape.of(1, side, side, channels);
    this.rounding = rounding;
    int position = random.nextInt(4);
    Op x =
        graph.add(
            "x", "data-fix", Attrs.EMPTY.with("shape", shape.toArray()).with("data_type", "XINT8"));
    x.setOutput(x.output().withAttrs(fix(position)));
    Op up = moved("up", "upload", x, position);
    Op floats = onCpu("floats", "fix2float", fix(position), Map.of("input", List.of(up)));
    Op mean = onCpu("mean", "avgpool2d", pool(side), Map.of("input", List.of(floats)));
    Op squeezed = fixed("squeezed", "fix", mean, position + random.nextInt(3) - 1);
    Op narrow = convolve("narrow", squeezed, 6, largestWeight);
    Op relu = onCpu("relu", "relu", Attrs.EMPTY, Map.of("input", List.of(narrow)));
    Op hidden = fixed("hidden", "fix", relu, random.nextInt(4));
    Op wide = fixed("wide", "fix", convolve("excited", hidden, channels, largestWeight), 5);
    Op sigmoid = onCpu("sigmoid", "hard-sigmoid", Attrs.EMPTY, Map.of("input", List.of(wide)));
    Op gate = fixed("gate", "fix", sigmoid, 7);
    Op scaled = onCpu("product", "mul", Attrs.EMPTY, Map.of("input", List.of(floats, gate)));
    Op product = fixed("scaled", "fix", scaled, position + random.nextInt(2));
    Op sum = onCpu("sum", "add", Attrs.EMPTY, Map.of("input", List.of(floats, product)));
    int last = position - random.nextInt(2);
    Op stored = fixed("stored", "float2fix", sum, last);
    Op down = moved("down", "download", stored, last);
    graph.root().createChildren(List.of(List.of(x), List.of(up), cpu, List.of(down)));
    String[] devices = {"USER", "DPU", "CPU", "DPU"};
    for (int i = 0; i < devices.length; i++) {
      graph.root().children().get(i).setAttrs(Attrs.EMPTY.with("device", devices[i]));
    }
  }

  TensorData input(long seed) {
    byte[] values = new byte[shape.elements()];
    Random noise = new Random(seed);
    int spread = 1 << noise.nextInt(7);
    int level = noise.nextInt(64) - 32;
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) (level + noise.nextInt(2 * spread) - spread);
    }
    return TensorData.wrap(DataType.XINT8, shape, values);
  }

  private Attrs fix(int position) {
    return Attrs.EMPTY
        .with("fix_point", position)
        .with("bit_width", 8)
        .with("if_signed", true)
        .with("round_mode", rounding.name());
  }

  private Op moved(String name, String type, Op in, int position) {
    Op op = graph.add(name, type, Attrs.EMPTY, in);
    op.setOutput(op.output().withAttrs(fix(position)));
    return op;
  }

  private Op onCpu(String name, String type, Attrs attrs, Map<String, List<Op>> inputs) {
    Op op = graph.add(name, type, attrs, inputs);
    cpu.add(op);
    return op;
  }

  private Op fixed(String name, String type, Op in, int position) {
    Op op = onCpu(name, type, fix(position), Map.of("input", List.of(in)));
    op.setOutput(op.output().withAttrs(fix(position)));
    return op;
  }

  private Op convolve(String name, Op in, int channels, int largestWeight) {
    int depth = in.output().shape().dim(3);
    Op weights = constant(name + "_w", largestWeight, 5, channels, 1, 1, depth);
    Op bias = constant(name + "_b", 127, 4, channels);
    return onCpu(
        name,
        "conv2d",
        pool(1),
        Map.of("input", List.of(in), "weights", List.of(weights), "bias", List.of(bias)));
  }

  private Op constant(String name, int largest, int position, int... dims) {
    float[] values = new float[Shape.of(dims).elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.scalb((float) (random.nextInt(2 * largest + 1) - largest), -position);
    }
    Op op = graph.addConst(name, TensorData.ofFloats(Shape.of(dims), values));
    cpu.add(op);
    return op;
  }

  private static Attrs pool(int kernel) {
    Attrs window =
        Attrs.EMPTY
            .with("kernel", new int[] {kernel, kernel})
            .with("stride", new int[] {1, 1})
            .with("pad_mode", "FLOOR")
            .with("pad", new int[] {0, 0, 0, 0});
    return kernel == 1 ? window : window.with("global", true);
  }
}
