package io.sluice.optimize;

import io.sluice.xir.DataType;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Folds what follows a convolution channel by channel into its weights and bias: batch norm, and a
 * product, sum, difference or quotient with a constant. y = s * (w * x + b) + t is a convolution of
 * weights s * w and bias s * b + t whatever its padding, because the padding lies before it. The
 * reverse, folding what comes before a padded convolution, is wrong at the border and is not done.
 *
 * <p>Factors are computed in double and rounded to float once.
 */
final class FoldIntoConv implements Rewrite.Rule {
  private static final Set<String> CONVS =
      Set.of("conv2d", "depthwise-conv2d", "transposed-conv2d", "transposed-depthwise-conv2d");

  /** y = scale * x + shift, per output channel. */
  private record Affine(double[] scale, double[] shift) {}

  @Override
  public Rewrite.Replacement match(Op op, Set<Op> outputs) {
    List<Op> in = op.inputs("input");
    for (int i = 0; i < in.size(); i++) {
      Op conv = in.get(i);
      if (CONVS.contains(conv.type())
          && conv.fanOut().size() == 1
          && !outputs.contains(conv)
          && conv.output().shape().equals(op.output().shape())
          && isConst(conv.input("weights"))
          && conv.inputs("bias").stream().allMatch(FoldIntoConv::isConst)
          && (!isDepthwise(conv) || conv.input("weights").output().shape().dim(0) == 1)) {
        Affine affine = affine(op, i, conv.output().shape().dim(3));
        if (affine != null) {
          return fold(op, conv, affine);
        }
      }
    }
    return null;
  }

  private static boolean isConst(Op op) {
    return op.type().equals("const") && op.output().type().equals(DataType.FLOAT32);
  }

  private static boolean isDepthwise(Op conv) {
    return conv.type().contains("depthwise");
  }

  private static Affine affine(Op op, int convIndex, int channels) {
    if (op.type().equals("batchnorm")) {
      return batchNorm(op, channels);
    }
    boolean commutes = op.type().equals("mul") || op.type().equals("add");
    boolean others = op.type().equals("sub") || op.type().equals("div");
    if (op.inputs("input").size() != 2 || !(commutes || (others && convIndex == 0))) {
      return null;
    }
    double[] values = perChannel(Match.other(op, convIndex), channels);
    if (values == null) {
      return null;
    }
    double[] ones = new double[channels];
    Arrays.fill(ones, 1);
    double[] zeros = new double[channels];
    return switch (op.type()) {
      case "mul" -> new Affine(values, zeros);
      case "div" -> new Affine(Arrays.stream(values).map(v -> 1 / v).toArray(), zeros);
      case "add" -> new Affine(ones, values);
      default -> new Affine(ones, Arrays.stream(values).map(v -> -v).toArray());
    };
  }

  private static Affine batchNorm(Op op, int channels) {
    double[] gamma = perChannel(op.input("gamma"), channels);
    double[] beta = perChannel(op.input("beta"), channels);
    double[] mean = perChannel(op.input("moving_mean"), channels);
    double[] var = perChannel(op.input("moving_var"), channels);
    int axis = op.attrs().getInt("axis");
    if (gamma == null || beta == null || mean == null || var == null || (axis != 3 && axis != -1)) {
      return null;
    }
    double epsilon = op.attrs().getFloat("epsilon");
    double[] scale = new double[channels];
    double[] shift = new double[channels];
    for (int c = 0; c < channels; c++) {
      scale[c] = gamma[c] / Math.sqrt(var[c] + epsilon);
      shift[c] = beta[c] - mean[c] * scale[c];
    }
    return new Affine(scale, shift);
  }

  /** A constant of one value, or of one value for each channel in the last dimension; else null. */
  private static double[] perChannel(Op op, int channels) {
    if (!isConst(op)) {
      return null;
    }
    Shape shape = op.output().shape();
    int elements = shape.elements();
    if (elements != 1 && (elements != channels || shape.dim(-1) != channels)) {
      return null;
    }
    TensorData data = op.constData();
    double[] values = new double[channels];
    Arrays.setAll(values, c -> data.getFloat(elements == 1 ? 0 : c));
    return values;
  }

  private static Rewrite.Replacement fold(Op root, Op conv, Affine affine) {
    return new Rewrite.Replacement(
        List.of(conv.input()),
        r -> {
          Op weights = conv.input("weights");
          List<Op> bias = conv.inputs("bias");
          Map<String, List<Op>> in = new LinkedHashMap<>();
          in.put("input", List.of(r.image(conv.input())));
          TensorData newWeights = scaled(weights.constData(), affine.scale(), isDepthwise(conv));
          in.put("weights", List.of(r.target().addConst(nameFor(weights, r), newWeights)));
          String biasName =
              bias.isEmpty() ? r.fresh(root.name() + "_bias") : nameFor(bias.get(0), r);
          in.put("bias", List.of(r.target().addConst(biasName, shifted(bias, affine))));
          return r.target().add(root.name(), conv.type(), conv.attrs(), in);
        });
  }

  /** A constant that nothing else reads keeps its name. */
  private static String nameFor(Op constant, Rewrite r) {
    return constant.fanOut().size() == 1 ? constant.name() : r.fresh(constant.name() + "_folded");
  }

  /** Weights [O,H,W,I] scaled per O, or depthwise [1,H,W,C] per C. */
  private static TensorData scaled(TensorData weights, double[] scale, boolean depthwise) {
    float[] values = weights.toFloats();
    int perChannel = values.length / scale.length;
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (values[i] * scale[depthwise ? i % scale.length : i / perChannel]);
    }
    return TensorData.ofFloats(weights.shape(), values);
  }

  private static TensorData shifted(List<Op> bias, Affine affine) {
    float[] values = new float[affine.scale().length];
    TensorData before = bias.isEmpty() ? null : bias.get(0).constData();
    for (int c = 0; c < values.length; c++) {
      double old = before == null ? 0 : before.getFloat(c);
      values[c] = (float) (old * affine.scale()[c] + affine.shift()[c]);
    }
    return TensorData.ofFloats(Shape.of(values.length), values);
  }
}
