package io.sluice.optimize;

import io.sluice.xir.Attrs;
import io.sluice.xir.Op;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Cancels transposes, or takes them into their readers:
 *
 * <ul>
 *   <li>two in turn become one, or nothing; ops that work value by value may lie between them
 *   <li>one that moves only dimensions of size one becomes a reshape
 *   <li>one that swaps the last two dimensions goes into the matrix product that reads it
 * </ul>
 */
final class TransposeMerging implements Pass {
  private static final Set<String> VALUE_BY_VALUE =
      Set.of(
          "celu",
          "elu",
          "exp",
          "gelu",
          "hard-sigmoid",
          "hard-swish",
          "hard-tanh",
          "identity",
          "leaky-relu",
          "mish",
          "neg",
          "relu",
          "relu6",
          "selu",
          "sigmoid",
          "swish",
          "tanh");

  @Override
  public Set<Class<? extends Pass>> after() {
    return Set.of(IdentityRemoval.class);
  }

  @Override
  public Rewrite.Replacement match(Op op, Set<Op> outputs) {
    if (op.type().equals("matmul")) {
      return intoProduct(op, outputs);
    }
    if (!Transposes.is(op)) {
      return null;
    }
    if (!Transposes.isIdentity(Transposes.order(op))
        && op.input().output().shape().keepsValuesTransposed(Transposes.order(op))) {
      return new Rewrite.Replacement(
          List.of(op.input()),
          r -> Reshapes.add(r, op.name(), r.image(op.input()), op.output().shape()));
    }
    return merged(op, outputs);
  }

  private static Rewrite.Replacement merged(Op last, Set<Op> outputs) {
    List<Op> between = new ArrayList<>();
    Op at = last.input();
    while (VALUE_BY_VALUE.contains(at.type()) && Match.onlyRead(at, outputs)) {
      between.add(0, at);
      at = at.input();
    }
    if (!Transposes.is(at)) {
      return null;
    }
    Op first = at;
    int[] order = Transposes.after(Transposes.order(last), Transposes.order(first));
    boolean cancels = Transposes.isIdentity(order);
    if (cancels && between.isEmpty() && !outputs.contains(last)) {
      return Rewrite.Replacement.of(first.input());
    }
    if (!Match.onlyRead(first, outputs)) {
      return null;
    }
    return new Rewrite.Replacement(
        List.of(first.input()),
        r -> {
          Op value = r.image(first.input());
          if (!cancels || between.isEmpty()) {
            String name = between.isEmpty() ? last.name() : r.fresh(first.name() + "_merged");
            value = Transposes.add(r, name, value, order);
          }
          for (Op op : between) {
            boolean end = op == between.get(between.size() - 1);
            value = r.target().add(end ? last.name() : op.name(), op.type(), op.attrs(), value);
          }
          return value;
        });
  }

  private static Rewrite.Replacement intoProduct(Op op, Set<Op> outputs) {
    Attrs attrs = op.attrs();
    Map<Op, Op> instead = new HashMap<>();
    List<Op> matrices = op.inputs("input");
    if (matrices.size() != 2 || matrices.get(0) == matrices.get(1)) {
      return null;
    }
    for (int i = 0; i < 2; i++) {
      Op in = matrices.get(i);
      if (Transposes.is(in)
          && Match.onlyRead(in, outputs)
          && Transposes.swapsLastTwo(Transposes.order(in))) {
        String flag = i == 0 ? "transpose_a" : "transpose_b";
        attrs = attrs.with(flag, !attrs.getBool(flag));
        instead.put(in, in.input());
      }
    }
    if (instead.isEmpty()) {
      return null;
    }
    Attrs turned = attrs;
    return new Rewrite.Replacement(
        op.allInputs().stream().map(in -> instead.getOrDefault(in, in)).toList(),
        r ->
            r.target()
                .add(
                    op.name(), "matmul", turned, r.images(op, in -> instead.getOrDefault(in, in))));
  }
}
