package io.sluice.quantize;

import io.sluice.optimize.FloatPasses;
import io.sluice.optimize.Rewrite;
import io.sluice.quantize.QuantizableOps.Kind;
import io.sluice.xir.Attrs;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A float graph rewritten into the ops that a DPU has, with the same results up to the rounding of
 * floats:
 *
 * <ul>
 *   <li>a product with constant weights, and a bias that is added to it, become a 1x1 convolution
 *       between two reshapes
 *   <li>a scale or shift per channel behind an op that a DPU could run becomes a depthwise 1x1
 *       convolution, and a chain of these one such convolution, which a convolution that follows
 *       takes in where that is exact: {@link FoldIntoNextConv}
 *   <li>a leaky-relu of slope 0.1 gets 26/256
 * </ul>
 */
final class Preparation {
  private Preparation() {}

  static Graph of(Graph graph) {
    Graph before = Rewrite.fully(graph, Preparation::product);
    Graph after = scales(before);
    while (after != before) {
      before = after;
      after = scales(before);
    }
    return Rewrite.fully(Rewrite.fully(after, new FoldIntoNextConv()), Preparation::slope);
  }

  /** The heads of chains become convolutions, into which the rest of each chain is then folded. */
  private static Graph scales(Graph graph) {
    return FloatPasses.apply(Rewrite.once(graph, Preparation::depthwise));
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

  /** A matmul of a tensor with one sample by a matrix of constants. */
  private static boolean isProduct(Op op) {
    if (!op.type().equals("matmul") || op.inputs("input").size() != 2) {
      return false;
    }
    Op a = op.inputs("input").get(0);
    Op b = op.inputs("input").get(1);
    return b.type().equals("const")
        && !a.type().equals("const")
        && b.output().shape().rank() == 2
        && a.output().shape().dim(0) == 1
        && !op.attrs().getBool("transpose_a")
        && op.inputs("bias").stream().allMatch(o -> o.type().equals("const"));
  }

  private static Rewrite.Replacement product(Op op, Set<Op> outputs) {
    if (isProduct(op)) {
      return convolution(op, op, null);
    }
    Affine affine = op.type().equals("add") ? Affine.of(op) : null;
    if (affine == null || !isProduct(affine.operand())) {
      return null;
    }
    Op product = affine.operand();
    boolean alone = product.fanOut().size() == 1 && !outputs.contains(product);
    return alone && product.inputs("bias").isEmpty()
        ? convolution(op, product, affine.shift())
        : null;
  }

  private static Rewrite.Replacement convolution(Op root, Op product, float[] shift) {
    Op source = product.inputs("input").get(0);
    return new Rewrite.Replacement(
        List.of(source),
        r -> {
          Shape in = source.output().shape();
          int inner = in.dim(-1);
          int[] rows = {1, 1, in.elements() / inner, inner};
          Op flat =
              r.target()
                  .add(
                      r.fresh(root.name() + "_rows"),
                      "reshape",
                      Attrs.EMPTY.with("shape", rows),
                      r.image(source));
          Op conv =
              pointwise(
                  r,
                  r.fresh(root.name() + "_conv"),
                  "conv2d",
                  flat,
                  rows(product),
                  bias(product, shift));
          Attrs back = Attrs.EMPTY.with("shape", root.output().shape().toArray());
          return r.target().add(root.name(), "reshape", back, conv);
        });
  }

  /** The matrix as weights [OC, 1, 1, IC]. */
  private static TensorData rows(Op product) {
    TensorData matrix = product.inputs("input").get(1).constData();
    boolean transposed = product.attrs().getBool("transpose_b");
    int channels = product.output().shape().dim(-1);
    int inner = matrix.shape().elements() / channels;
    float[] weights = new float[inner * channels];
    for (int o = 0; o < channels; o++) {
      for (int i = 0; i < inner; i++) {
        weights[o * inner + i] = matrix.getFloat(transposed ? o * inner + i : i * channels + o);
      }
    }
    return TensorData.ofFloats(Shape.of(channels, 1, 1, inner), weights);
  }

  private static TensorData bias(Op product, float[] shift) {
    if (shift != null) {
      return TensorData.ofFloats(Shape.of(shift.length), shift);
    }
    return product.inputs("bias").isEmpty() ? null : product.input("bias").constData();
  }

  private static Rewrite.Replacement depthwise(Op op, Set<Op> outputs) {
    Affine affine = Affine.of(op);
    if (affine == null
        || op.output().shape().rank() != 4
        || !couldRun(affine.operand())
        || !goesToDpu(op)) {
      return null;
    }
    int channels = affine.scale().length;
    TensorData weights = TensorData.ofFloats(Shape.of(1, 1, 1, channels), affine.scale());
    TensorData bias = TensorData.ofFloats(Shape.of(channels), affine.shift());
    return new Rewrite.Replacement(
        List.of(affine.operand()),
        r -> pointwise(r, op.name(), "depthwise-conv2d", r.image(affine.operand()), weights, bias));
  }

  private static boolean goesToDpu(Op op) {
    return op.fanOut().stream()
        .anyMatch(r -> couldRun(r) || (Affine.of(r) != null && goesToDpu(r)));
  }

  private static boolean couldRun(Op op) {
    Kind kind = QuantizableOps.kind(op);
    return kind != Kind.FLOAT && kind != Kind.CONSTANT;
  }

  private static Op pointwise(
      Rewrite r, String name, String type, Op input, TensorData weights, TensorData bias) {
    Map<String, List<Op>> inputs = new LinkedHashMap<>();
    inputs.put("input", List.of(input));
    inputs.put("weights", List.of(r.target().addConst(r.fresh(name + "_weights"), weights)));
    if (bias != null) {
      inputs.put("bias", List.of(r.target().addConst(r.fresh(name + "_bias"), bias)));
    }
    Attrs attrs =
        Attrs.EMPTY
            .with("kernel", new int[] {1, 1})
            .with("stride", new int[] {1, 1})
            .with("pad_mode", "FLOOR")
            .with("pad", new int[] {0, 0, 0, 0});
    return r.target().add(name, type, attrs, inputs);
  }
}
