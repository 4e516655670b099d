package io.sluice.optimize;

import io.sluice.xir.Op;
import java.util.List;
import java.util.Set;

/**
 * Makes one of two shape changes in turn; nothing at all where the second gives back the first
 * shape, and nothing of a shape change that a product flattens away by itself.
 */
final class ReshapeMerging implements Pass {
  @Override
  public Set<Class<? extends Pass>> after() {
    return Set.of(IdentityRemoval.class);
  }

  @Override
  public Rewrite.Replacement match(Op op, Set<Op> outputs) {
    if (op.type().equals("inner-product")) {
      return flattened(op, outputs);
    }
    if (!Reshapes.is(op) || !Reshapes.is(op.input())) {
      return null;
    }
    Op source = op.input().input();
    if (source.output().shape().equals(op.output().shape()) && !outputs.contains(op)) {
      return Rewrite.Replacement.of(source);
    }
    if (!Match.onlyRead(op.input(), outputs)) {
      return null;
    }
    return new Rewrite.Replacement(
        List.of(source), r -> Reshapes.add(r, op.name(), r.image(source), op.output().shape()));
  }

  /** A product that flattens from axis 1 on reads what is flattened to two dimensions. */
  private static Rewrite.Replacement flattened(Op op, Set<Op> outputs) {
    Op flat = op.input();
    if (!Reshapes.is(flat)
        || !Match.onlyRead(flat, outputs)
        || op.attrs().getInt("axis") != 1
        || flat.output().shape().rank() != 2
        || flat.input().output().shape().rank() < 2
        || flat.input().output().shape().dim(0) != flat.output().shape().dim(0)) {
      return null;
    }
    List<Op> reads = op.allInputs().stream().map(in -> in == flat ? flat.input() : in).toList();
    return new Rewrite.Replacement(
        reads,
        r ->
            r.target()
                .add(
                    op.name(),
                    op.type(),
                    op.attrs(),
                    r.images(op, in -> in == flat ? flat.input() : in)));
  }
}
