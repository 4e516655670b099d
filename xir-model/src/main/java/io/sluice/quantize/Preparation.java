package io.sluice.quantize;

import io.sluice.optimize.DpuPasses;
import io.sluice.optimize.Rewrite;
import io.sluice.quantize.QuantizableOps.Kind;
import io.sluice.xir.Attrs;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import java.util.List;
import java.util.Set;

/**
 * A float graph rewritten into the ops that a DPU has ({@link DpuPasses}), with the same results up
 * to the rounding of floats, but that a leaky-relu of slope 0.1 gets 26/256. No target is known
 * yet, so what only some gain by is left to the compiler.
 */
final class Preparation {
  private Preparation() {}

  static Graph of(Graph graph) {
    Graph passed = DpuPasses.apply(graph, Preparation::couldRun);
    return Rewrite.fully(passed, Preparation::slope);
  }

  private static Rewrite.Replacement slope(Op op, Set<Op> outputs) {
    if (!op.type().equals("leaky-relu")
        || !QuantizableOps.isDpuSlope(op.attrs().getFloat("alpha"))
        || op.attrs().getFloat("alpha") == QuantizableOps.LEAKY_ALPHA) {
      return null;
    }
    Attrs attrs = op.attrs().with("alpha", QuantizableOps.LEAKY_ALPHA);
    return new Rewrite.Replacement(
        List.of(op.input()), r -> r.target().add(op.name(), op.type(), attrs, r.image(op.input())));
  }

  private static boolean couldRun(Op op) {
    Kind kind = QuantizableOps.kind(op);
    return kind != Kind.FLOAT && kind != Kind.CONSTANT;
  }
}
