package io.sluice.optimize;

import io.sluice.xir.Op;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes a constant vector that is added to a matrix product the bias of that product. */
final class MatMulBias implements Rewrite.Rule {
  @Override
  public Rewrite.Replacement match(Op op, Set<Op> outputs) {
    if (!Match.binary(op, "add")) {
      return null;
    }
    for (int i = 0; i < 2; i++) {
      Op product = op.inputs("input").get(i);
      Op bias = Match.other(op, i);
      if (product.type().equals("matmul")
          && product.inputs("bias").isEmpty()
          && product.fanOut().size() == 1
          && !outputs.contains(product)
          && bias.type().equals("const")
          && bias.output().shape().rank() == 1
          && bias.output().shape().dim(0) == product.output().shape().dim(-1)) {
        return fold(op, product, bias);
      }
    }
    return null;
  }

  private static Rewrite.Replacement fold(Op root, Op product, Op bias) {
    List<Op> matrices = product.inputs("input");
    return new Rewrite.Replacement(
        List.of(matrices.get(0), matrices.get(1), bias),
        r -> {
          Map<String, List<Op>> in = new LinkedHashMap<>();
          in.put("input", matrices.stream().map(r::image).toList());
          in.put("bias", List.of(r.image(bias)));
          return r.target().add(root.name(), "matmul", product.attrs(), in);
        });
  }
}
