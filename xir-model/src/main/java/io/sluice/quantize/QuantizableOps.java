package io.sluice.quantize;

import io.sluice.xir.Attrs;
import io.sluice.xir.DataType;
import io.sluice.xir.Op;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Which ops are quantized: those that some DPU could run, whatever the target. An op of any other
 * type stays in float; so does one of these that cannot be had in integers: a convolution whose
 * weights are computed, an eltwise op with a constant operand, a leaky-relu with another slope than
 * the 0.1 that a DPU approximates.
 */
final class QuantizableOps {
  /** The slope that a DPU has for a leaky-relu. */
  static final float LEAKY_ALPHA = 26f / 256f;

  private static final Set<String> CONVOLUTIONS =
      Set.of("conv2d", "depthwise-conv2d", "transposed-conv2d", "transposed-depthwise-conv2d");

  private static final Set<String> MOVES =
      Set.of(
          "concat",
          "flatten",
          "gstiling",
          "identity",
          "maxpool2d",
          "pixel-shuffle",
          "reorg",
          "reshape",
          "squeeze",
          "strided_slice",
          "transpose");

  /** What an op is to the quantizer. */
  enum Kind {
    /** A convolution with constant weights. */
    CONVOLUTION,
    /** A sum of tensors. */
    ADD,
    /** A product of two tensors. */
    MUL,
    /** relu, relu6 or leaky-relu: taken before the rounding of the op that it follows. */
    ACTIVATION,
    HARD_SIGMOID,
    HARD_SWISH,
    /** An average pool: computed, but with one position for input and output. */
    AVERAGE_POOL,
    /** Every output value is an input value, so one position serves input and output. */
    MOVE,
    /** Computed, with a position of its own and no rule about it. */
    COMPUTE,
    /** A constant. */
    CONSTANT,
    /** A float input of the graph. */
    INPUT,
    /** Not quantized. */
    FLOAT
  }

  private QuantizableOps() {}

  static Kind kind(Op op) {
    String type = op.type();
    if (CONVOLUTIONS.contains(type)) {
      return constant(op, "weights") && (op.inputs("bias").isEmpty() || constant(op, "bias"))
          ? Kind.CONVOLUTION
          : Kind.FLOAT;
    }
    if (MOVES.contains(type)) {
      return anyConstant(op.inputs("input")) ? Kind.FLOAT : Kind.MOVE;
    }
    Attrs attrs = op.attrs();
    return switch (type) {
      case "const" -> Kind.CONSTANT;
      case "data" -> op.output().type().equals(DataType.FLOAT32) ? Kind.INPUT : Kind.FLOAT;
      case "add" -> anyConstant(op.allInputs()) ? Kind.FLOAT : Kind.ADD;
      case "mul" ->
          anyConstant(op.allInputs()) || op.allInputs().size() != 2 ? Kind.FLOAT : Kind.MUL;
      case "relu", "relu6" -> Kind.ACTIVATION;
      case "leaky-relu" -> isDpuSlope(attrs.getFloat("alpha")) ? Kind.ACTIVATION : Kind.FLOAT;
      case "hard-sigmoid" -> Kind.HARD_SIGMOID;
      case "hard-swish" -> Kind.HARD_SWISH;
      case "avgpool2d" -> Kind.AVERAGE_POOL;
      case "reduction_mean" -> isSpatial(op) ? Kind.AVERAGE_POOL : Kind.FLOAT;
      case "resize" -> attrs.getString("mode").equals("NEAREST") ? Kind.MOVE : Kind.COMPUTE;
      case "pad" -> padsZeros(attrs) ? Kind.MOVE : Kind.FLOAT;
      default -> Kind.FLOAT;
    };
  }

  /** Whether an op is a depthwise 1x1 convolution, one output per input: a scale per channel. */
  static boolean isChannelScale(Op op) {
    return op.type().equals("depthwise-conv2d")
        && kind(op) == Kind.CONVOLUTION
        && Arrays.equals(op.attrs().getInts("kernel"), new int[] {1, 1})
        && Arrays.equals(op.attrs().getInts("stride"), new int[] {1, 1})
        && Arrays.stream(op.attrs().getInts("pad")).allMatch(p -> p == 0)
        && op.output().shape().equals(op.input().output().shape());
  }

  /** Whether a slope is the 0.1 of frameworks or the 26/256 that stands for it. */
  static boolean isDpuSlope(float alpha) {
    return alpha == 0.1f || alpha == LEAKY_ALPHA;
  }

  private static boolean constant(Op op, String arg) {
    List<Op> in = op.inputs(arg);
    return in.size() == 1 && in.get(0).type().equals("const");
  }

  private static boolean anyConstant(List<Op> ops) {
    return ops.stream().anyMatch(o -> o.type().equals("const"));
  }

  /** A mean over height and width of a feature map is a pool. */
  private static boolean isSpatial(Op op) {
    int rank = op.input().output().shape().rank();
    int[] axes = Arrays.stream(op.attrs().getInts("axis")).map(a -> a < 0 ? a + rank : a).toArray();
    Arrays.sort(axes);
    return rank == 4 && Arrays.equals(axes, new int[] {1, 2});
  }

  private static boolean padsZeros(Attrs attrs) {
    if (!attrs.getString("mode").equals("CONSTANT")) {
      return true;
    }
    if (attrs.has("constant_values")) {
      for (float v : attrs.getFloats("constant_values")) {
        if (v != 0) {
          return false;
        }
      }
    }
    return true;
  }
}
