package io.sluice.optimize;

import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes a constant that is added to each column of a matrix product, one for all or one per column,
 * the bias of that product.
 */
final class MatMulBias implements Pass {
  @Override
  public Set<Class<? extends Pass>> after() {
    return Set.of(ConstantFolding.class, HardSigmoids.class, IdentityRemoval.class);
  }

  @Override
  public Rewrite.Replacement match(Op op, Set<Op> outputs) {
    if (!Match.binary(op, "add")) {
      return null;
    }
    for (int i = 0; i < 2; i++) {
      Op product = op.inputs("input").get(i);
      Op bias = Match.other(op, i);
      if ((product.type().equals("matmul") || product.type().equals("inner-product"))
          && product.inputs("bias").isEmpty()
          && Match.onlyRead(product, outputs)
          && product.output().shape().equals(op.output().shape())
          && isPerColumn(bias, product.output().shape().dim(-1))) {
        return fold(op, product, bias);
      }
    }
    return null;
  }

  private static boolean isPerColumn(Op op, int columns) {
    if (!Match.isConst(op)) {
      return false;
    }
    Shape shape = op.output().shape();
    return shape.elements() == 1 || (shape.elements() == columns && shape.dim(-1) == columns);
  }

  private static Rewrite.Replacement fold(Op root, Op product, Op bias) {
    Shape columns = Shape.of(product.output().shape().dim(-1));
    boolean fits = bias.output().shape().equals(columns);
    Map<String, List<Op>> operands = new LinkedHashMap<>(product.inputs());
    operands.remove("bias");
    List<Op> reads = operands.values().stream().flatMap(List::stream).toList();
    List<Op> withBias = new ArrayList<>(reads);
    withBias.add(bias);
    return new Rewrite.Replacement(
        fits ? withBias : reads,
        r -> {
          Map<String, List<Op>> in = new LinkedHashMap<>();
          operands.forEach((arg, ops) -> in.put(arg, ops.stream().map(r::image).toList()));
          Op vector =
              fits
                  ? r.image(bias)
                  : r.target().addConst(r.fresh(bias.name() + "_bias"), spread(bias, columns));
          in.put("bias", List.of(vector));
          return r.target().add(root.name(), product.type(), product.attrs(), in);
        });
  }

  private static TensorData spread(Op bias, Shape columns) {
    float[] given = bias.constData().toFloats();
    float[] values = Arrays.copyOf(given, columns.elements());
    if (given.length == 1) {
      Arrays.fill(values, given[0]);
    }
    return TensorData.ofFloats(columns, values);
  }
}
