package io.sluice.compile;

import io.sluice.target.Nonlinear;
import io.sluice.xir.Attrs;
import io.sluice.xir.Shape;
import java.util.List;

/** Makes steps of the convolution family. */
final class ConvSteps {
  /** What the attributes of hard activations hold without one. */
  static final int UNSET = -128;

  /** The position of a hard-sigmoid inside a hard-swish: it lies in 0 to 1. */
  static final int HARD_SIGMOID_POSITION = 7;

  /** Bits after the binary point of 2731, the fixed-point sixth. */
  private static final int SIXTH_BITS = 14;

  private ConvSteps() {}

  /**
   * A convolution of any kind with its activation. A hard activation takes the 8-bit value at
   * {@code tail.middle()}; its shifts are those of the DPU: {@code shift_hsigmoid = 14 + in - out},
   * and for a hard-swish the inner hard-sigmoid has position 7 and {@code shift_hswish = in + 7 -
   * out}.
   */
  static Step convolution(
      String name,
      String type,
      Step.Operand input,
      FixedTensor weights,
      FixedTensor bias,
      Window window,
      Tail tail,
      Shape shape) {
    boolean hard = Tail.isHard(tail.nonlinear());
    boolean swish = tail.nonlinear() == Nonlinear.HSWISH;
    int product = input.position() + weights.position();
    Attrs attrs =
        window
            .attrs(true)
            .with("nonlinear", tail.nonlinear().name())
            .with("hsigmoid_in", hard ? tail.middle() : UNSET)
            .with(
                "shift_hsigmoid",
                hard
                    ? shiftHardSigmoid(
                        tail.middle(), swish ? HARD_SIGMOID_POSITION : tail.position())
                    : UNSET)
            .with(
                "shift_hswish",
                swish ? tail.middle() + HARD_SIGMOID_POSITION - tail.position() : UNSET);
    if (type.equals("conv2d-fix")) {
      attrs = attrs.with("group", 1);
    }
    if (hard) {
      attrs =
          attrs
              .with("shift_cut", product - tail.middle())
              .with("shift_bias", bias == null ? 0 : product - bias.position());
    }
    return new Step(name, type, attrs, List.of(input), weights, bias, shape, tail.position());
  }

  static int shiftHardSigmoid(int in, int out) {
    return SIXTH_BITS + in - out;
  }
}
