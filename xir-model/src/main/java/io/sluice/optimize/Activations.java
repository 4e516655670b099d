package io.sluice.optimize;

import io.sluice.xir.Op;
import java.util.Set;

/** What is known about the activations that a DPU can apply to the result of another op. */
final class Activations {
  /** They work value by value and do not fall where their argument rises, but for hard-swish. */
  static final Set<String> TYPES =
      Set.of("relu", "relu6", "leaky-relu", "hard-sigmoid", "hard-swish");

  private static final Set<String> WITHIN_ONE =
      Set.of("hard-sigmoid", "sigmoid", "softmax", "hard-softmax");
  private static final Set<String> KEEP_RANGE =
      Set.of(
          "avgpool2d",
          "flatten",
          "identity",
          "maxpool2d",
          "reshape",
          "resize",
          "squeeze",
          "strided_slice",
          "transpose");

  private Activations() {}

  /** Whether an op gives no value below zero. */
  static boolean isNonNegative(Op op) {
    Op source = source(op);
    return source.type().equals("relu") || isWithinSix(source);
  }

  /** Whether an op gives only values of zero to six. */
  static boolean isWithinSix(Op op) {
    Op source = source(op);
    return source.type().equals("relu6") || WITHIN_ONE.contains(source.type());
  }

  /** Where the range of values comes from. */
  private static Op source(Op op) {
    Op source = op;
    while (KEEP_RANGE.contains(source.type())) {
      source = source.inputs("input").get(0);
    }
    return source;
  }
}
