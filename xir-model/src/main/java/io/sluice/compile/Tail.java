package io.sluice.compile;

import io.sluice.target.BrokenLimit;
import io.sluice.target.Nonlinear;
import io.sluice.xir.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What follows an op up to the {@code fix} that puts its result on the grid: perhaps an activation,
 * perhaps a fix before a hard activation.
 *
 * @param nonlinear the activation
 * @param middle position before a hard activation, which works on the rounded value; equal to
 *     {@code position} without one
 * @param position of the result
 * @param covers the ops that follow, the last one gives the result
 * @param refusal why there is no such tail; the rest is then without meaning
 */
record Tail(Nonlinear nonlinear, int middle, int position, List<Op> covers, BrokenLimit refusal) {
  /** The slope that a DPU's LeakyReLU has. */
  static final float LEAKY_SLOPE = 26f / 256;

  private static final Map<String, Nonlinear> ACTIVATIONS =
      Map.of(
          "relu", Nonlinear.RELU,
          "relu6", Nonlinear.RELU6,
          "leaky-relu", Nonlinear.LEAKYRELU,
          "hard-sigmoid", Nonlinear.HSIGMOID,
          "hard-swish", Nonlinear.HSWISH);

  Tail {
    covers = List.copyOf(covers);
  }

  /** The activation that an op computes; NONE if it is none that a DPU has. */
  static Nonlinear activation(Op op) {
    Nonlinear a = ACTIVATIONS.getOrDefault(op.type(), Nonlinear.NONE);
    boolean otherSlope =
        a == Nonlinear.LEAKYRELU && Math.abs(op.attrs().getFloat("alpha") - LEAKY_SLOPE) > 1e-6f;
    return otherSlope ? Nonlinear.NONE : a;
  }

  static boolean isHard(Nonlinear a) {
    return a == Nonlinear.HSIGMOID || a == Nonlinear.HSWISH;
  }

  /**
   * The tail of an op.
   *
   * @param fuses which activations the engine can apply to the op's result
   */
  static Tail of(Op op, Predicate<Nonlinear> fuses) {
    Op next = soleReader(op);
    if (next == null) {
      return refused(
          switch (op.fanOut().size()) {
            case 0 -> "nothing reads it";
            case 1 -> "a plugin took " + op.fanOut().get(0) + ", which reads it";
            default -> "several ops read it";
          });
    }
    if (FixPositions.isFix(next)) {
      return afterFix(next, fuses);
    }
    Nonlinear activation = activation(next);
    Op fix = soleReader(next);
    if (activation == Nonlinear.NONE || fix == null || !FixPositions.isFix(fix)) {
      return refused(next + " reads it");
    }
    if (isHard(activation)) {
      return refused(next + " follows, which works on rounded values");
    }
    if (!fuses.test(activation)) {
      return refusedActivation(activation, next);
    }
    int position = position(fix);
    return new Tail(activation, position, position, List.of(next, fix), null);
  }

  private static Tail afterFix(Op fix, Predicate<Nonlinear> fuses) {
    int middle = position(fix);
    Op next = soleReader(fix);
    if (next != null) {
      Nonlinear activation = activation(next);
      Op end = soleReader(next);
      if (end != null && FixPositions.isFix(end) && fuses.test(activation)) {
        boolean commutes = activation == Nonlinear.RELU && position(end) == middle;
        if (commutes || isHard(activation)) {
          return new Tail(activation, middle, position(end), List.of(fix, next, end), null);
        }
      }
    }
    return new Tail(Nonlinear.NONE, middle, middle, List.of(fix), null);
  }

  private static int position(Op fix) {
    return fix.attrs().getInt("fix_point");
  }

  /** The only reader of an op's value, or null; also null if a plugin took that. */
  static Op soleReader(Op op) {
    List<Op> readers = op.fanOut();
    return readers.size() == 1 && !Taken.is(readers.get(0)) ? readers.get(0) : null;
  }

  private static Tail refused(String who) {
    return refused(
        new BrokenLimit("fix.output", "its result is not put on the 8-bit grid: " + who, Map.of()));
  }

  static Tail refusedActivation(Nonlinear activation, Op op) {
    return refused(
        new BrokenLimit(
            "target.activation",
            "the engine does not apply " + activation + " (" + op.name() + ") to its result",
            Map.of()));
  }

  private static Tail refused(BrokenLimit why) {
    return new Tail(Nonlinear.NONE, 0, 0, List.of(), why);
  }

  boolean found() {
    return refusal == null;
  }

  /** An op and its tail. */
  List<Op> coversWith(Op op) {
    List<Op> all = new ArrayList<>();
    all.add(op);
    all.addAll(covers);
    return all;
  }
}
