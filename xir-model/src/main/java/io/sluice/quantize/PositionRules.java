package io.sluice.quantize;

import io.sluice.quantize.QuantizableOps.Kind;
import io.sluice.xir.Op;
import java.util.Comparator;
import java.util.List;

/**
 * The limits that a DPU's shifters set to positions. Writing fp for a position:
 *
 * <ul>
 *   <li>convolution: shift_cut = fp_in + fp_w - fp_out in 0..16; shift_bias = fp_in + fp_w - fp_b
 *       in min(0, shift_cut - 16)..16, before a leaky-relu in 0..16
 *   <li>add: shift_read = max(fp_in) - min(fp_in) in 0..15; shift_write = min(fp_in) - fp_out in
 *       -15..15
 *   <li>mul: sum(fp_in) - fp_out in 0..32
 *   <li>hard-sigmoid: fp_in in 0..15, fp_out = 7
 *   <li>hard-swish: fp_in in 0..15, fp_in + 7 - fp_out in 0..31
 * </ul>
 *
 * <p>A shift that is too large is mended at the weights, the bias or the finer input. One below
 * zero asks for an output finer than the accumulator, so the output is lowered, which loses nothing
 * of it; only where the output cannot be lowered are the weights raised, which may saturate them.
 * But for the range of a hard-sigmoid's input, set first, points only ever go down, so the rules
 * together come to an end.
 */
final class PositionRules {
  private static final String WEIGHTS = "weights";
  private static final String BIAS = "bias";
  private static final int MAX_SHIFT_CUT = 16;
  private static final int MAX_SHIFT_BIAS = 16;
  private static final int MAX_SHIFT_READ = 15;
  private static final int MAX_SHIFT_WRITE = 15;
  private static final int MAX_SHIFT_MUL = 32;
  private static final int MAX_SHIFT_HARD = 31;
  private static final int MAX_HARD_INPUT = 15;
  static final int HARD_SIGMOID_OUTPUT = 7;

  private final QuantizationPlan plan;
  private final Positions positions;

  PositionRules(QuantizationPlan plan, Positions positions) {
    this.plan = plan;
    this.positions = positions;
  }

  /** Moves positions until every rule holds, and notes each move. */
  void enforce() {
    for (Op op : plan.order()) {
      if (plan.isQuantized(op)) {
        setHardRange(op);
      }
    }
    boolean moved = true;
    while (moved) {
      moved = false;
      for (Op op : plan.order()) {
        if (plan.isQuantized(op)) {
          moved |= apply(op);
        }
      }
    }
    for (Op op : plan.order()) {
      if (plan.kind(op) == Kind.CONVOLUTION && !op.inputs(BIAS).isEmpty()) {
        bias(op);
      }
      if (plan.isQuantized(op) && plan.kind(op) == Kind.HARD_SIGMOID) {
        checkHardSigmoid(op);
      }
    }
  }

  private void setHardRange(Op op) {
    Kind kind = plan.kind(op);
    if (kind != Kind.HARD_SIGMOID && kind != Kind.HARD_SWISH) {
      return;
    }
    Op in = op.input();
    String why = "the input of " + op.type() + " '" + op.name() + "' is limited to 0..15";
    positions.floor(in, 0);
    if (positions.get(in) < 0) {
      positions.move(in, 0, why);
    } else {
      positions.lower(in, MAX_HARD_INPUT, why);
    }
  }

  private boolean apply(Op op) {
    return switch (plan.kind(op)) {
      case CONVOLUTION -> convolution(op);
      case ADD -> add(op);
      case MUL -> mul(op);
      case HARD_SWISH -> hardSwish(op);
      default -> false;
    };
  }

  private boolean convolution(Op op) {
    Op out = plan.pointOf(op);
    int in = positions.get(op.input());
    int weights = positions.constant(op, WEIGHTS);
    int cut = in + weights - positions.get(out);
    String why = "shift_cut " + cut + " of '" + op.name() + "' is limited to 0..16";
    boolean moved = false;
    if (cut < 0) {
      moved = positions.lower(out, in + weights, why);
      if (positions.get(out) > in + weights) {
        moved = positions.moveConstant(op, WEIGHTS, positions.get(out) - in, why);
      }
    } else if (cut > MAX_SHIFT_CUT) {
      moved = positions.moveConstant(op, WEIGHTS, MAX_SHIFT_CUT + positions.get(out) - in, why);
    }
    return moved;
  }

  private void bias(Op op) {
    int weights = positions.constant(op, WEIGHTS);
    int found = positions.constant(op, BIAS);
    int allowed = biasPosition(op, weights, found);
    if (allowed != found) {
      int shift = positions.get(op.input()) + weights - found;
      String why =
          "shift_bias "
              + shift
              + " of '"
              + op.name()
              + "' is limited to "
              + leastBiasShift(op, weights)
              + "..16";
      positions.moveConstant(op, BIAS, allowed, why);
    }
  }

  /** Whether a convolution's weights may have a position, with its input and output as they are. */
  boolean allowsWeights(Op op, int position) {
    int cut = positions.get(op.input()) + position - positions.get(plan.pointOf(op));
    return cut >= 0 && cut <= MAX_SHIFT_CUT;
  }

  /** The position nearest to the wanted one that a bias may have beside weights at a position. */
  int biasPosition(Op op, int weights, int wanted) {
    int accumulator = positions.get(op.input()) + weights;
    int most = accumulator - leastBiasShift(op, weights);
    return Math.max(accumulator - MAX_SHIFT_BIAS, Math.min(most, wanted));
  }

  private int leastBiasShift(Op op, int weights) {
    Op out = plan.pointOf(op);
    int cut = positions.get(op.input()) + weights - positions.get(out);
    return out.type().equals("leaky-relu") ? 0 : Math.min(0, cut - MAX_SHIFT_CUT);
  }

  private boolean add(Op op) {
    boolean moved = false;
    Op out = plan.pointOf(op);
    int min = op.inputs("input").stream().mapToInt(positions::get).min().orElseThrow();
    for (Op in : op.inputs("input")) {
      moved |=
          positions.lower(
              in,
              min + MAX_SHIFT_READ,
              "shift_read of add '" + op.name() + "' is limited to 0..15");
    }
    String why = "shift_write of add '" + op.name() + "' is limited to -15..15";
    moved |= positions.lower(out, min + MAX_SHIFT_WRITE, why);
    int most = positions.get(out) + MAX_SHIFT_WRITE;
    if (min > most) {
      for (Op in : op.inputs("input")) {
        moved |= positions.lower(in, most, why);
      }
    }
    return moved;
  }

  private boolean mul(Op op) {
    List<Op> in = op.inputs("input");
    Op out = plan.pointOf(op);
    int sum = in.stream().mapToInt(positions::get).sum();
    String why = "the shift of mul '" + op.name() + "' is limited to 0..32";
    boolean moved = positions.lower(out, sum, why);
    int excess = sum - positions.get(out) - MAX_SHIFT_MUL;
    if (excess > 0) {
      Op finest = in.stream().max(Comparator.comparingInt(positions::get)).orElseThrow();
      moved |= positions.lower(finest, positions.get(finest) - excess, why);
    }
    return moved;
  }

  private boolean hardSwish(Op op) {
    int in = positions.get(op.input());
    String why = "the shift of hard-swish '" + op.name() + "' is limited to 0..31";
    boolean moved = positions.lower(op, in + HARD_SIGMOID_OUTPUT, why);
    int most = MAX_SHIFT_HARD - HARD_SIGMOID_OUTPUT + positions.get(op);
    return moved | positions.lower(op.input(), most, why);
  }

  private void checkHardSigmoid(Op op) {
    if (positions.get(op) != HARD_SIGMOID_OUTPUT) {
      positions.warn(
          "hard-sigmoid '"
              + op.name()
              + "' has output position "
              + positions.get(op)
              + ", not 7, because it shares it with other tensors: no DPU will run it");
    }
  }
}
