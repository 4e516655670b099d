package io.sluice.optimize;

import io.sluice.xir.Attrs;
import io.sluice.xir.Op;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Removes what gives its input back: identity, a cast to the type that it has, a product with one,
 * a sum with zero, a transpose in order, a reshape to the same shape, a pad of nothing, a slice of
 * all, a concatenation of one, a pool or resize of single pixels, an activation of values that are
 * in its range already.
 *
 * <p>One that is an output of the graph gives its name to the op that it reads, if nothing else
 * reads that and it is no output too; otherwise it stays, as an {@code identity}.
 */
final class IdentityRemoval implements Pass {
  @Override
  public Rewrite.Replacement match(Op op, Set<Op> outputs) {
    Op same = kept(op);
    if (same == null || !same.output().shape().equals(op.output().shape())) {
      return null;
    }
    if (!same.output().type().equals(op.output().type())) {
      return null;
    }
    if (!outputs.contains(op)) {
      return Rewrite.Replacement.of(same);
    }
    if (!same.allInputs().isEmpty() && Match.onlyRead(same, outputs)) {
      return new Rewrite.Replacement(same.allInputs(), r -> r.copy(same, op.name()));
    }
    return op.type().equals("identity")
        ? null
        : new Rewrite.Replacement(
            List.of(same), r -> r.target().add(op.name(), "identity", Attrs.EMPTY, r.image(same)));
  }

  /** The input that an op gives back, or null. */
  private static Op kept(Op op) {
    Attrs a = op.attrs();
    return switch (op.type()) {
      case "identity", "placeholder", "cast", "reshape", "flatten", "squeeze" -> op.input();
      case "mul", "div" -> beside(op, 1);
      case "add", "sub" -> beside(op, 0);
      case "transpose" -> isSorted(a.getInts("order")) ? op.input() : null;
      case "pad" -> all(a.getInts("paddings"), 0) ? op.input() : null;
      case "strided_slice" -> all(a.getInts("strides"), 1) ? op.input() : null;
      case "concat" -> op.inputs("input").size() == 1 ? op.input() : null;
      case "maxpool2d", "avgpool2d" ->
          isPixel(a, op.input().output().shape().dim(1), op.input().output().shape().dim(2))
              ? op.input()
              : null;
      case "resize" -> op.input();
      case "max", "min" -> withinBound(op);
      case "relu" -> Activations.isNonNegative(op.input()) ? op.input() : null;
      case "relu6" -> Activations.isWithinSix(op.input()) ? op.input() : null;
      default -> null;
    };
  }

  /** The other input of a binary op with a constant that is neutral, which may stand first. */
  private static Op beside(Op op, float neutral) {
    List<Op> in = op.inputs("input");
    if (in.size() != 2) {
      return null;
    }
    if (isAll(in.get(1), neutral)) {
      return in.get(0);
    }
    boolean commutes = op.type().equals("mul") || op.type().equals("add");
    return commutes && isAll(in.get(0), neutral) ? in.get(1) : null;
  }

  /** The other input of a maximum with zero or less, or a minimum with six or more. */
  private static Op withinBound(Op op) {
    Op x = Match.besideScalar(op, op.type());
    if (x == null) {
      return null;
    }
    double bound = Match.scalar(Match.scalarOf(op, op.type()));
    boolean within =
        op.type().equals("max")
            ? bound <= 0 && Activations.isNonNegative(x)
            : bound >= 6 && Activations.isWithinSix(x);
    return within ? x : null;
  }

  private static boolean isAll(Op op, float value) {
    if (!Match.isConst(op)) {
      return false;
    }
    for (float v : op.constData().toFloats()) {
      if (v != value) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSorted(int[] order) {
    int[] sorted = order.clone();
    Arrays.sort(sorted);
    return Arrays.equals(order, sorted);
  }

  private static boolean all(int[] values, int wanted) {
    return Arrays.stream(values).allMatch(v -> v == wanted);
  }

  private static boolean isPixel(Attrs a, int height, int width) {
    if (a.getBool("global", false)) {
      return height == 1 && width == 1;
    }
    return all(a.getInts("kernel"), 1)
        && all(a.getInts("stride"), 1)
        && all(a.getInts("pad", 0, 0, 0, 0), 0);
  }
}
