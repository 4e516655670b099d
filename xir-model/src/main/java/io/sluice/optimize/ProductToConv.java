package io.sluice.optimize;

import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Makes convolutions of the products of one sample with a constant matrix: matmul, dense and inner
 * product (Table 28).
 *
 * <ul>
 *   <li>A feature map that is flattened, as it is or with its channels first, is convolved by a
 *       kernel of its own size: no reshape is left before the product, and no transpose, which only
 *       a processor has. Beyond {@link #MAX_KERNEL} no DPU could.
 *   <li>Otherwise the rows are the pixels of a 1x1 convolution, between two reshapes.
 * </ul>
 *
 * <p>Which limits hold is for the compiler to say; where the convolution stays on the processor it
 * costs as much as the product did.
 */
final class ProductToConv implements Pass {
  /** The largest kernel that Table 28 has for any DPU. */
  static final int MAX_KERNEL = 16;

  @Override
  public Set<Class<? extends Pass>> after() {
    return Set.of(
        ConstantFolding.class, MatMulBias.class, ReshapeMerging.class, TransposeMerging.class);
  }

  @Override
  public Rewrite.Replacement match(Op op, Set<Op> outputs) {
    if (!isProduct(op)) {
      return null;
    }
    Op input = op.inputs("input").get(0);
    int channels = op.output().shape().dim(-1);
    int inner = weights(op).output().shape().elements() / channels;
    Op map = input.output().shape().elements() == inner ? flattened(input) : null;
    return map == null ? byRows(op, input, inner, channels) : byMap(op, map, channels);
  }

  private static boolean isProduct(Op op) {
    Op input = op.inputs("input").isEmpty() ? null : op.inputs("input").get(0);
    boolean dense = op.type().equals("inner-product");
    boolean product =
        dense
            || (op.type().equals("matmul")
                && op.inputs("input").size() == 2
                && !op.attrs().getBool("transpose_a"));
    return product
        && Match.isConst(weights(op))
        && !Match.isConst(input)
        && (dense || weights(op).output().shape().rank() == 2)
        && (!dense || op.attrs().getInt("axis") > 0)
        && input.output().shape().rank() > 1
        && input.output().shape().dim(0) == 1
        && op.inputs("bias").stream().allMatch(Match::isConst);
  }

  private static Op weights(Op product) {
    return product.type().equals("matmul")
        ? product.inputs("input").get(1)
        : product.input("weights");
  }

  /** The feature map of which an op holds all values, NHWC or NCHW; or null. */
  private static Op flattened(Op input) {
    Op source = input;
    while (Reshapes.is(source)) {
      source = source.input();
    }
    Op map = isChannelsFirst(source) ? source.input() : source;
    Shape shape = map.output().shape();
    return shape.rank() == 4
            && shape.dim(0) == 1
            && shape.dim(1) <= MAX_KERNEL
            && shape.dim(2) <= MAX_KERNEL
        ? map
        : null;
  }

  private static boolean isChannelsFirst(Op op) {
    return Transposes.is(op) && Arrays.equals(Transposes.order(op), new int[] {0, 3, 1, 2});
  }

  private static Rewrite.Replacement byMap(Op op, Op map, int channels) {
    Op source = op.inputs("input").get(0);
    while (Reshapes.is(source)) {
      source = source.input();
    }
    Shape in = map.output().shape();
    float[] rows = rows(op, channels);
    if (source != map) {
      rows = channelsLast(rows, in.dim(3), in.dim(1) * in.dim(2));
    }
    TensorData weights =
        TensorData.ofFloats(Shape.of(channels, in.dim(1), in.dim(2), in.dim(3)), rows);
    int[] kernel = {in.dim(2), in.dim(1)};
    return new Rewrite.Replacement(
        List.of(map),
        r -> {
          String name = r.fresh(op.name() + "_conv");
          Op conv = Convolutions.add(r, name, "conv2d", kernel, r.image(map), weights, bias(op));
          return Reshapes.add(r, op.name(), conv, op.output().shape());
        });
  }

  private static Rewrite.Replacement byRows(Op op, Op input, int inner, int channels) {
    return new Rewrite.Replacement(
        List.of(input),
        r -> {
          int rows = input.output().shape().elements() / inner;
          Op flat =
              Reshapes.add(
                  r, r.fresh(op.name() + "_rows"), r.image(input), Shape.of(1, 1, rows, inner));
          TensorData weights =
              TensorData.ofFloats(Shape.of(channels, 1, 1, inner), rows(op, channels));
          String name = r.fresh(op.name() + "_conv");
          int[] kernel = {1, 1};
          Op conv = Convolutions.add(r, name, "conv2d", kernel, flat, weights, bias(op));
          return Reshapes.add(r, op.name(), conv, op.output().shape());
        });
  }

  /** The weights of each output in turn. */
  private static float[] rows(Op product, int channels) {
    float[] matrix = weights(product).constData().toFloats();
    if (product.type().equals("inner-product") || product.attrs().getBool("transpose_b")) {
      return matrix;
    }
    int inner = matrix.length / channels;
    float[] rows = new float[matrix.length];
    for (int o = 0; o < channels; o++) {
      for (int i = 0; i < inner; i++) {
        rows[o * inner + i] = matrix[i * channels + o];
      }
    }
    return rows;
  }

  /** From [O, C, area] to [O, area, C]. */
  private static float[] channelsLast(float[] rows, int channels, int area) {
    float[] turned = new float[rows.length];
    int inner = channels * area;
    for (int i = 0; i < rows.length; i++) {
      int c = i % inner / area;
      turned[i / inner * inner + i % area * channels + c] = rows[i];
    }
    return turned;
  }

  private static TensorData bias(Op product) {
    if (product.inputs("bias").isEmpty()) {
      return null;
    }
    TensorData bias = product.input("bias").constData();
    return bias.reshape(Shape.of(bias.shape().elements()));
  }
}
