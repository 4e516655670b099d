package io.sluice.optimize;

import io.sluice.xir.Op;
import java.util.List;
import java.util.Set;

/**
 * Brings an activation next to the convolution whose values it takes, where the compiler can fuse
 * the two: past a reshape or a transpose, and a relu or relu6 past a max pool, which picks the same
 * values before and after it. The order of the two ops changes and nothing else.
 */
final class ActivationHoisting implements Pass {
  private static final Set<String> BOUNDS = Set.of("relu", "relu6");

  @Override
  public Set<Class<? extends Pass>> after() {
    return Set.of(ActivationMerging.class, IdentityRemoval.class, HardSigmoids.class);
  }

  @Override
  public Rewrite.Replacement match(Op op, Set<Op> outputs) {
    if (!Activations.TYPES.contains(op.type())) {
      return null;
    }
    Op mover = op.input();
    boolean moves =
        Reshapes.is(mover)
            || Transposes.is(mover)
            || (mover.type().equals("maxpool2d") && BOUNDS.contains(op.type()));
    if (!moves || !Match.onlyRead(mover, outputs)) {
      return null;
    }
    Op conv = mover.input();
    if (!Convolutions.TYPES.contains(conv.type()) || !Match.onlyRead(conv, outputs)) {
      return null;
    }
    return new Rewrite.Replacement(
        List.of(conv),
        r -> {
          String name = r.fresh(conv.name() + "_" + op.type());
          Op activated = r.target().add(name, op.type(), op.attrs(), r.image(conv));
          return Reshapes.is(mover)
              ? Reshapes.add(r, op.name(), activated, mover.output().shape())
              : r.target().add(op.name(), mover.type(), mover.attrs(), activated);
        });
  }
}
