package io.sluice.onnx;

import io.sluice.onnx.Value.Known;
import io.sluice.onnx.Value.Live;
import io.sluice.xir.Attrs;
import io.sluice.xir.DataType;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Ops that work value by value, with NumPy broadcasting where there are several inputs. */
final class ElementwiseRules {
  private static final List<String> CUSTOM_UNARY =
      List.of(
          "Sqrt",
          "Erf",
          "Log",
          "Abs",
          "Floor",
          "Ceil",
          "Round",
          "Reciprocal",
          "Sign",
          "Softplus",
          "Softsign",
          "Sin",
          "Cos");

  private ElementwiseRules() {}

  static void register(Map<String, NodeRule> rules) {
    rules.put("Add", (n, s) -> broadcast(n, s, "add"));
    rules.put("Sum", (n, s) -> broadcast(n, s, "add"));
    rules.put("Sub", (n, s) -> broadcast(n, s, "sub"));
    rules.put("Mul", (n, s) -> broadcast(n, s, "mul"));
    rules.put("Div", (n, s) -> broadcast(n, s, "div"));
    rules.put("Max", (n, s) -> broadcast(n, s, "max"));
    rules.put("Min", (n, s) -> broadcast(n, s, "min"));
    rules.put("Pow", ElementwiseRules::pow);
    unary(rules, "Relu", "relu");
    unary(rules, "Sigmoid", "sigmoid");
    unary(rules, "Tanh", "tanh");
    unary(rules, "Exp", "exp");
    unary(rules, "Neg", "neg");
    unary(rules, "HardSwish", "hard-swish");
    rules.put("LeakyRelu", (n, s) -> alpha(n, s, "leaky-relu", 0.01f));
    rules.put("Elu", (n, s) -> alpha(n, s, "elu", 1f));
    rules.put("Celu", (n, s) -> alpha(n, s, "celu", 1f));
    rules.put("HardSigmoid", ElementwiseRules::hardSigmoid);
    rules.put("Clip", ElementwiseRules::clip);
    rules.put("Identity", ElementwiseRules::alias);
    rules.put("Dropout", ElementwiseRules::alias);
    rules.put("Cast", ElementwiseRules::cast);
    for (String type : CUSTOM_UNARY) {
      rules.put(
          type,
          (n, s) -> {
            Live x = s.live(n, 0);
            custom(n, s, x.layout(), x.stored(), x.op());
          });
    }
  }

  private static void unary(Map<String, NodeRule> rules, String onnx, String xir) {
    rules.put(
        onnx,
        (node, state) -> {
          Live x = state.live(node, 0);
          state.emit(node, xir, Attrs.EMPTY, x.op(), x.layout());
        });
  }

  private static void alpha(OnnxNode node, ImportState state, String type, float fallback) {
    Live x = state.live(node, 0);
    Attrs attrs = Attrs.EMPTY.with("alpha", node.real("alpha", fallback));
    state.emit(node, type, attrs, x.op(), x.layout());
  }

  private static void custom(
      OnnxNode node, ImportState state, Layout layout, Shape stored, Op... inputs) {
    String type = CustomOps.typeFor(node.type());
    CustomOps.register(state.graph().library(), type);
    Attrs attrs = CustomOps.attrs(inputs[0].output().type(), stored);
    state.emit(node, 0, type, attrs, Map.of("input", List.of(inputs)), layout);
  }

  /** Refuses parameters that are not floats. */
  static void requireFloat(OnnxNode node, TensorData parameters) {
    if (!parameters.type().equals(DataType.FLOAT32)) {
      throw node.unsupported(node.type() + " of parameters of type " + parameters.type());
    }
  }

  static void alias(OnnxNode node, ImportState state) {
    state.put(node.output(0), state.value(node, 0));
  }

  private static void cast(OnnxNode node, ImportState state) {
    Live x = state.live(node, 0);
    DataType to = ElementType.fromOnnx(node.integer("to", 0));
    if (to == null) {
      throw node.unsupported("Cast to element type " + node.integer("to", 0));
    }
    if (to.equals(x.op().output().type())) {
      alias(node, state);
    } else {
      Attrs attrs = Attrs.EMPTY.with("data_type", to.toString());
      state.emit(node, "cast", attrs, x.op(), x.layout());
    }
  }

  private static void broadcast(OnnxNode node, ImportState state, String type) {
    if (node.inputCount() == 1) {
      alias(node, state);
      return;
    }
    if (keepsOneOperand(node, state, type)) {
      return;
    }
    Layout layout = commonLayout(node, state);
    List<Op> operands = new ArrayList<>();
    for (int i = 0; i < node.inputCount(); i++) {
      operands.add(operand(node, state, i, layout));
    }
    state.emit(node, 0, type, Attrs.EMPTY, Map.of("input", operands), layout);
  }

  /** Multiplication by one and addition of zero leave the other operand as it is. */
  private static boolean keepsOneOperand(OnnxNode node, ImportState state, String type) {
    if (node.inputCount() != 2 || !(type.equals("mul") || type.equals("add"))) {
      return false;
    }
    for (int i = 0; i < 2; i++) {
      if (state.value(node, i) instanceof Known known
          && known.data().shape().elements() == 1
          && known.data().type().equals(DataType.FLOAT32)
          && known.data().getFloat(0) == (type.equals("mul") ? 1f : 0f)
          && known.shape().rank() <= state.value(node, 1 - i).shape().rank()) {
        state.put(node.output(0), state.value(node, 1 - i));
        return true;
      }
    }
    return false;
  }

  /** The layout of the largest operand of full rank, so that the least is moved. */
  private static Layout commonLayout(OnnxNode node, ImportState state) {
    int rank = 0;
    for (int i = 0; i < node.inputCount(); i++) {
      rank = Math.max(rank, state.value(node, i).shape().rank());
    }
    Layout layout = Layout.identity(rank);
    int largest = -1;
    for (int i = 0; i < node.inputCount(); i++) {
      if (state.value(node, i) instanceof Live live
          && live.layout().rank() == rank
          && live.stored().elements() > largest) {
        layout = live.layout();
        largest = live.stored().elements();
      }
    }
    return layout;
  }

  private static Op operand(OnnxNode node, ImportState state, int input, Layout layout) {
    Value value = state.value(node, input);
    if (value instanceof Known known) {
      return state.constant(node.input(input), layout.broadcastOperand(known.data()));
    }
    Live live = (Live) value;
    if (live.layout().rank() == layout.rank()) {
      return state.arranged(live, layout);
    }
    Shape padded = Layout.padRank(live.shape(), layout.rank());
    Op reshaped =
        state.helper(
            node,
            "_operand" + input,
            "reshape",
            Attrs.EMPTY.with("shape", padded.toArray()),
            state.flat(live));
    return state.arranged(new Live(reshaped, Layout.identity(layout.rank())), layout);
  }

  private static void pow(OnnxNode node, ImportState state) {
    Live x = state.live(node, 0);
    if (state.value(node, 1) instanceof Known known
        && known.data().shape().elements() == 1
        && known.data().type().equals(DataType.FLOAT32)
        && known.shape().rank() <= x.shape().rank()) {
      float exponent = known.data().getFloat(0);
      if (exponent == 2f) {
        state.emit(
            node, 0, "mul", Attrs.EMPTY, Map.of("input", List.of(x.op(), x.op())), x.layout());
      } else if (exponent == 1f) {
        alias(node, state);
      } else {
        Op constant = state.constant(node.input(1), known.data().reshape(Shape.of(1)));
        custom(node, state, x.layout(), x.stored(), x.op(), constant);
      }
      return;
    }
    throw node.unsupported("Pow whose exponent is not one constant");
  }

  /**
   * ONNX has clip(alpha * x + beta, 0, 1), XIR relu6(x + 3) / 6. So the argument becomes 6 * alpha
   * * x + 6 * beta - 3, with the scale and the shift left out where they change nothing. A slope
   * that a file rounds to 0.1666667 is not taken for 1/6: the error is the same for every value, so
   * it does not average out further on.
   */
  private static void hardSigmoid(OnnxNode node, ImportState state) {
    Live x = state.live(node, 0);
    float scale = (float) (6.0 * node.real("alpha", 0.2f));
    float shift = (float) (6.0 * node.real("beta", 0.5f) - 3.0);
    Op argument = x.op();
    if (scale != 1f) {
      Op factor = scalar(node, state, "_scale", scale);
      argument = state.helper(node, "_scaled", "mul", Attrs.EMPTY, argument, factor);
    }
    if (shift != 0f) {
      Op term = scalar(node, state, "_shift", shift);
      argument = state.helper(node, "_shifted", "add", Attrs.EMPTY, argument, term);
    }
    state.emit(node, "hard-sigmoid", Attrs.EMPTY, argument, x.layout());
  }

  private static Op scalar(OnnxNode node, ImportState state, String suffix, float value) {
    return state
        .graph()
        .addConst(state.fresh(node.output(0) + suffix), TensorData.ofFloats(Shape.of(1), value));
  }

  private static void clip(OnnxNode node, ImportState state) {
    Live x = state.live(node, 0);
    if (!x.op().output().type().equals(DataType.FLOAT32)) {
      throw node.unsupported("Clip of " + x.op().output().type());
    }
    float low = bound(node, state, "min", 1, Float.NEGATIVE_INFINITY);
    float high = bound(node, state, "max", 2, Float.POSITIVE_INFINITY);
    boolean noLow = low == Float.NEGATIVE_INFINITY || low == -Float.MAX_VALUE;
    boolean noHigh = high == Float.POSITIVE_INFINITY || high == Float.MAX_VALUE;
    if (noLow && noHigh) {
      alias(node, state);
    } else if (low == 0f && (noHigh || high == 6f)) {
      state.emit(node, noHigh ? "relu" : "relu6", Attrs.EMPTY, x.op(), x.layout());
    } else if (noHigh) {
      limit(node, state, x, "max", scalar(node, state, "_min", low), x.op());
    } else {
      Op from = x.op();
      if (!noLow) {
        Op least = scalar(node, state, "_min", low);
        from = state.helper(node, "_floor", "max", Attrs.EMPTY, from, least);
      }
      limit(node, state, x, "min", scalar(node, state, "_max", high), from);
    }
  }

  private static void limit(
      OnnxNode node, ImportState state, Live x, String type, Op bound, Op from) {
    state.emit(node, 0, type, Attrs.EMPTY, Map.of("input", List.of(from, bound)), x.layout());
  }

  private static float bound(
      OnnxNode node, ImportState state, String attribute, int input, float fallback) {
    if (node.opset() < 11) {
      return node.real(attribute, fallback);
    }
    if (!node.hasInput(input)) {
      return fallback;
    }
    float[] values = state.reals(node, input);
    if (values.length != 1) {
      throw node.invalid("of a " + attribute + " of " + values.length + " values");
    }
    return values[0];
  }
}
