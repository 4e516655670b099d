package io.sluice.compile;

import io.sluice.xir.AttrValue;
import io.sluice.xir.Attrs;
import io.sluice.xir.DataType;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Builds quantized graphs by hand: float ops, each followed by a fix where a quantizer puts one.
 */
final class QuantizedNet {
  static final int POSITION = 4;
  private static final int WEIGHT_POSITION = 6;

  private final Graph graph;
  private final Random random = new Random(7);

  QuantizedNet(String name) {
    graph = new Graph(name);
  }

  Graph graph() {
    return graph;
  }

  /** An input and its fix. */
  Op input(int... shape) {
    return fix(data("input", shape));
  }

  Op data(String name, int... shape) {
    return graph.add(
        name, "data", Attrs.EMPTY.with("shape", shape).with("data_type", "FLOAT32"), Map.of());
  }

  Op fix(Op op) {
    return fix(op, POSITION);
  }

  Op fix(Op op, int position) {
    String round = op.type().equals("const") ? "PY3_ROUND" : "DPU_ROUND";
    Attrs attrs = GraphWriter.fix(position).with("round_mode", round);
    return graph.add(op.name() + "_fix", "fix", attrs, op);
  }

  Op constant(String name, int... shape) {
    float[] values = new float[Shape.of(shape).elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return graph.addConst(name, TensorData.ofFloats(Shape.of(shape), values));
  }

  private static Attrs window(int kernel, int stride, int pad) {
    return Attrs.EMPTY
        .with("kernel", new int[] {kernel, kernel})
        .with("stride", new int[] {stride, stride})
        .with("pad_mode", "FLOOR")
        .with("pad", new int[] {pad, pad, pad, pad});
  }

  /** A convolution of any type without activation or fix. */
  Op bareConv(String name, String type, Op in, int channels, int kernel, int stride) {
    int depth = in.output().shape().dim(3);
    boolean depthwise = type.contains("depthwise");
    int pad = type.startsWith("transposed") ? 0 : kernel / 2;
    Map<String, List<Op>> inputs = new LinkedHashMap<>();
    inputs.put("input", List.of(in));
    Op weights = constant(name + "_w", depthwise ? 1 : channels, kernel, kernel, depth);
    inputs.put("weights", List.of(fix(weights, WEIGHT_POSITION)));
    Op bias = constant(name + "_b", depthwise ? depth : channels);
    inputs.put("bias", List.of(fix(bias, WEIGHT_POSITION)));
    return graph.add(name, type, window(kernel, stride, pad), inputs);
  }

  /** A convolution without padding, its weights and bias at given positions. */
  Op valid(String name, Op in, int channels, int kernel, int weightPosition, int biasPosition) {
    Map<String, List<Op>> inputs = new LinkedHashMap<>();
    inputs.put("input", List.of(in));
    Op weights = constant(name + "_w", channels, kernel, kernel, in.output().shape().dim(3));
    inputs.put("weights", List.of(fix(weights, weightPosition)));
    inputs.put("bias", List.of(fix(constant(name + "_b", channels), biasPosition)));
    return graph.add(name, "conv2d", window(kernel, 1, 0), inputs);
  }

  Op conv(String name, Op in, int channels, int kernel, int stride) {
    return fix(bareConv(name, "conv2d", in, channels, kernel, stride));
  }

  Op convRelu(String name, Op in, int channels, int kernel, int stride) {
    return fix(op(name + "_relu", "relu", bareConv(name, "conv2d", in, channels, kernel, stride)));
  }

  Op pool(String name, String type, Op in, int kernel, int stride) {
    return graph.add(name, type, window(kernel, stride, 0), in);
  }

  Op global(String name, Op in) {
    int h = in.output().shape().dim(1);
    int w = in.output().shape().dim(2);
    Attrs attrs = window(1, 1, 0).with("kernel", new int[] {w, h}).with("stride", new int[] {1, 1});
    return fix(graph.add(name, "avgpool2d", attrs, in));
  }

  Op op(String name, String type, Op... in) {
    return graph.add(name, type, Attrs.EMPTY, in);
  }

  Op concat(String name, Op... in) {
    return graph.add(name, "concat", Attrs.EMPTY.with("axis", 3), in);
  }

  Op reshape(String name, Op in, int... shape) {
    return graph.add(name, "reshape", Attrs.EMPTY.with("shape", shape), in);
  }

  Op resize(String name, Op in, String mode, int factor) {
    Attrs attrs = Attrs.EMPTY.with("mode", mode).with("scale", AttrValue.ofFloats(factor, factor));
    return graph.add(name, "resize", attrs, in);
  }

  /** A custom op that only the CPU knows, of its input's shape. */
  Op custom(String name, Op in) {
    Attrs attrs =
        Attrs.EMPTY
            .with("shape", in.output().shape().toArray())
            .with("data_type", DataType.FLOAT32.toString());
    return graph.add(name, "Mylayer", attrs, in);
  }

  /** An op that changes the size of [1, 8, 8, 8], and what changes it back. */
  Op sameSize(String name, String type, Op in) {
    return switch (type) {
      case "pad" -> {
        Attrs pad = Attrs.EMPTY.with("paddings", new int[] {0, 0, 1, 0, 1, 0, 0, 0});
        Op padded = graph.add(name + "_padded", "pad", pad.with("mode", "CONSTANT"), in);
        Attrs cut =
            Attrs.EMPTY
                .with("begin", new int[] {0, 1, 1, 0})
                .with("end", new int[] {1, 9, 9, 8})
                .with("strides", new int[] {1, 1, 1, 1});
        yield graph.add(name, "strided_slice", cut, padded);
      }
      case "reorg" -> {
        Attrs block = Attrs.EMPTY.with("scale", 2);
        Op down = graph.add(name + "_down", "reorg", block.with("reverse", false), in);
        yield graph.add(name, "reorg", block.with("reverse", true), down);
      }
      default -> {
        Attrs axis = Attrs.EMPTY.with("axis", new int[] {2}).with("keep_dims", true);
        Op most = graph.add(name + "_most", "reduction_max", axis, in);
        Op wide = graph.add(name + "_wide", "concat", Attrs.EMPTY.with("axis", 2), most, in);
        Attrs cut =
            Attrs.EMPTY
                .with("begin", new int[4])
                .with("end", new int[] {1, 8, 8, 8})
                .with("strides", new int[] {1, 1, 1, 1});
        yield graph.add(name, "strided_slice", cut, wide);
      }
    };
  }
}
