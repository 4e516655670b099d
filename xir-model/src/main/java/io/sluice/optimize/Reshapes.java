package io.sluice.optimize;

import io.sluice.xir.Attrs;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import java.util.Set;

/** Ops that keep all values in their order and change only the shape. */
final class Reshapes {
  static final Set<String> TYPES = Set.of("flatten", "reshape", "squeeze");

  private Reshapes() {}

  static boolean is(Op op) {
    return TYPES.contains(op.type());
  }

  /** Adds a reshape. */
  static Op add(Rewrite r, String name, Op input, Shape shape) {
    return r.target().add(name, "reshape", Attrs.EMPTY.with("shape", shape.toArray()), input);
  }
}
