package io.sluice.xir;

import static io.sluice.xir.DataType.Kind.FLOAT;
import static io.sluice.xir.DataType.Kind.XINT;
import static io.sluice.xir.OpDefBuilder.op;

import io.sluice.xir.OpDef.Inferred;
import java.util.List;

/** Ops of one input that keep its shape: activations and the marks of a border. */
final class ActivationOps {
  private ActivationOps() {}

  static List<OpDef> definitions() {
    return List.of(
        unary("relu", "max(x, 0)"),
        unary("relu6", "min(max(x, 0), 6)"),
        unary("sigmoid", "1 / (1 + exp(-x))"),
        unary("tanh", "tanh(x)"),
        unary("swish", "x * sigmoid(x)"),
        unary("mish", "x * tanh(ln(1 + exp(x)))"),
        unary("gelu", "x * (1 + erf(x / sqrt(2))) / 2"),
        unary("selu", "1.0507 * (x > 0 ? x : 1.67326 * (exp(x) - 1))"),
        unary("hard-sigmoid", "relu6(x + 3) / 6"),
        unary("hard-sigmoid-fix", "relu6(x + 3) * 2731 / 2^14"),
        unary("hard-swish", "x * relu6(x + 3) / 6"),
        unary("hard-tanh", "min(max(x, -1), 1)"),
        unary("exp", "exp(x)"),
        unary("neg", "-x"),
        unary("placeholder", "x"),
        withAlpha("elu", AttrValue.of(1f), "x > 0 ? x : alpha * (exp(x) - 1)"),
        withAlpha("celu", AttrValue.of(1f), "max(x, 0) + min(0, alpha * (exp(x / alpha) - 1))"),
        op("leaky-relu")
            .arg("input", FLOAT)
            .required("alpha", AttrType.FLOAT)
            .annotation("x > 0 ? x : alpha * x")
            .infer(InferenceContext::same),
        op("prelu")
            .arg("input", FLOAT)
            .arg("weight", FLOAT)
            .annotation("x > 0 ? x : weight * x; one weight, or one per channel")
            .infer(ActivationOps::prelu),
        op("softmax")
            .arg("input", FLOAT)
            .required("axis", AttrType.INT32)
            .annotation("exp(x) / sum of exp(x) along an axis")
            .infer(ActivationOps::alongAxis),
        op("hard-softmax")
            .arg("input", FLOAT)
            .required("axis", AttrType.INT32)
            .required("type", AttrType.STRING)
            .annotation("softmax by an approximation for hardware")
            .infer(ActivationOps::alongAxis),
        border("identity", XINT, "x"),
        border("upload", FLOAT, "From the host to the DPU."),
        border("download", XINT, "From the DPU to the host."),
        op("threshold")
            .arg("input", XINT)
            .arg("threshold", XINT)
            .annotation("To another width: base + out * delta <= in < base + (out + 1) * delta")
            .infer(InferenceContext::same));
  }

  private static OpDef unary(String type, String formula) {
    return op(type).arg("input", FLOAT).annotation(formula).infer(InferenceContext::same);
  }

  private static OpDef withAlpha(String type, AttrValue alpha, String formula) {
    return op(type)
        .arg("input", FLOAT)
        .optional("alpha", alpha)
        .annotation(formula)
        .infer(InferenceContext::same);
  }

  private static OpDef border(String type, DataType.Kind kind, String annotation) {
    return op(type).arg("input", kind).annotation(annotation).infer(InferenceContext::same);
  }

  private static Inferred alongAxis(InferenceContext in) {
    in.axis(in.attrs().getInt("axis"), in.shape().rank());
    return in.same();
  }

  private static Inferred prelu(InferenceContext in) {
    Shape weight = in.shape("weight");
    ShapeRules.checkPerChannel(in, "weight", weight, in.shape(), in.shape().rank() - 1);
    return in.same();
  }
}
