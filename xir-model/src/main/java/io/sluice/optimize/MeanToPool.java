package io.sluice.optimize;

import io.sluice.xir.Attrs;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * A mean over height and width is a global average pool, and a reshape if the mean drops the two
 * dimensions. On a processor the two cost the same, so it is done whether or not a DPU has a pool
 * as large.
 */
final class MeanToPool implements Pass {
  @Override
  public Set<Class<? extends Pass>> after() {
    return Set.of(IdentityRemoval.class);
  }

  @Override
  public Rewrite.Replacement match(Op op, Set<Op> outputs) {
    if (!op.type().equals("reduction_mean") || !isOverHeightAndWidth(op)) {
      return null;
    }
    Shape in = op.input().output().shape();
    Attrs attrs =
        Attrs.EMPTY
            .with("kernel", new int[] {in.dim(2), in.dim(1)})
            .with("stride", new int[] {1, 1})
            .with("pad_mode", "FLOOR")
            .with("global", true);
    boolean kept = op.attrs().getBool("keep_dims");
    return new Rewrite.Replacement(
        List.of(op.input()),
        r -> {
          String name = kept ? op.name() : r.fresh(op.name() + "_pool");
          Op pool = r.target().add(name, "avgpool2d", attrs, r.image(op.input()));
          return kept ? pool : Reshapes.add(r, op.name(), pool, op.output().shape());
        });
  }

  private static boolean isOverHeightAndWidth(Op op) {
    int rank = op.input().output().shape().rank();
    int[] axes =
        Arrays.stream(op.attrs().getInts("axis")).map(a -> a < 0 ? a + rank : a).sorted().toArray();
    return rank == 4 && Arrays.equals(axes, new int[] {1, 2});
  }
}
