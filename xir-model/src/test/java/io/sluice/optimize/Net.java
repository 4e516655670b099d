package io.sluice.optimize;

import io.sluice.xir.AttrValue;
import io.sluice.xir.Attrs;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Builds small float graphs with seeded constants. Ops are named after their type. */
final class Net {
  private final Graph graph = new Graph("net");
  private final Random random;

  Net() {
    this(1);
  }

  Net(long seed) {
    this.random = new Random(seed);
  }

  /** The graph that returns these ops, in this order. */
  Graph returning(Op... outputs) {
    List<String> names = new ArrayList<>();
    for (Op output : outputs) {
      names.add(output.name());
    }
    graph.setAttrs(graph.attrs().with("return_ops", AttrValue.ofStrings(names)));
    return graph;
  }

  Op input(int... shape) {
    Attrs attrs = Attrs.EMPTY.with("shape", shape).with("data_type", "FLOAT32");
    return graph.add(name("data"), "data", attrs);
  }

  /** Constants of -1 to 1. */
  Op random(int... shape) {
    return random(-1, 1, shape);
  }

  Op random(float low, float high, int... shape) {
    float[] values = new float[Shape.of(shape).elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = low + (high - low) * random.nextFloat();
    }
    return values(Shape.of(shape), values);
  }

  Op values(Shape shape, float... values) {
    return graph.addConst(name("const"), TensorData.ofFloats(shape, values));
  }

  Op scalar(double value) {
    return values(Shape.of(1), (float) value);
  }

  Op op(String type, Op... inputs) {
    return op(type, Attrs.EMPTY, inputs);
  }

  Op op(String type, Attrs attrs, Op... inputs) {
    return graph.add(name(type), type, attrs, inputs);
  }

  /** An op whose first argument is {@code input} and whose others are named. */
  Op with(String type, Attrs attrs, Op input, Map<String, Op> others) {
    Map<String, List<Op>> in = new LinkedHashMap<>();
    in.put("input", List.of(input));
    others.forEach((arg, op) -> in.put(arg, List.of(op)));
    return graph.add(name(type), type, attrs, in);
  }

  static Attrs window(int kernel, int stride, int pad) {
    return Attrs.EMPTY
        .with("kernel", new int[] {kernel, kernel})
        .with("stride", new int[] {stride, stride})
        .with("pad_mode", "FLOOR")
        .with("pad", new int[] {pad, pad, pad, pad});
  }

  /** With a bias, so many channels out, and the padding that keeps the size at stride 1. */
  Op conv(Op input, int channels, int kernel) {
    int inner = input.output().shape().dim(3);
    return with(
        "conv2d",
        window(kernel, 1, kernel / 2),
        input,
        Map.of("weights", random(channels, kernel, kernel, inner), "bias", random(channels)));
  }

  /** Without a bias. */
  Op depthwise(Op input, int kernel) {
    int channels = input.output().shape().dim(3);
    Op weights = random(1, kernel, kernel, channels);
    return with(
        "depthwise-conv2d", window(kernel, 1, kernel / 2), input, Map.of("weights", weights));
  }

  Op batchNorm(Op input) {
    int channels = input.output().shape().dim(-1);
    Map<String, Op> others = new LinkedHashMap<>();
    others.put("gamma", random(0.5f, 1.5f, channels));
    others.put("beta", random(channels));
    others.put("moving_mean", random(channels));
    others.put("moving_var", random(0.5f, 2, channels));
    int axis = input.output().shape().rank() - 1;
    return with("batchnorm", Attrs.EMPTY.with("axis", axis).with("epsilon", 1e-3f), input, others);
  }

  Op reshape(Op input, int... shape) {
    return op("reshape", Attrs.EMPTY.with("shape", shape), input);
  }

  Op transpose(Op input, int... order) {
    return op("transpose", Attrs.EMPTY.with("order", order), input);
  }

  Op matmul(Op a, Op b) {
    return op("matmul", Attrs.EMPTY.with("transpose_a", false).with("transpose_b", false), a, b);
  }

  /** An op that no pass knows, so that what it reads and gives stays. */
  Op opaque(Op input) {
    return op("tanh", input);
  }

  private String name(String type) {
    int n = 1;
    while (graph.has(type + n)) {
      n++;
    }
    return type + n;
  }
}
