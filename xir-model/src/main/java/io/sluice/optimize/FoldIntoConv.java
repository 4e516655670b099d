package io.sluice.optimize;

import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Folds what follows a convolution channel by channel into its weights and bias: batch norm, and a
 * product, sum, difference or quotient with a constant. y = s * (w * x + b) + t is a convolution of
 * weights s * w and bias s * b + t whatever its padding, because the padding lies before it. The
 * reverse, folding what comes before a padded convolution, is wrong at the border.
 *
 * <p>After the recognition of activations, which may begin with such a sum or end with such a
 * product.
 */
final class FoldIntoConv implements Pass {
  @Override
  public Set<Class<? extends Pass>> after() {
    return Set.of(HardSigmoids.class, HardSwishes.class, LeakyRelus.class, ConstantFolding.class);
  }

  @Override
  public Rewrite.Replacement match(Op op, Set<Op> outputs) {
    for (Op conv : op.inputs("input")) {
      if (Convolutions.hasConstants(conv)
          && Match.onlyRead(conv, outputs)
          && conv.output().shape().equals(op.output().shape())
          && (!Convolutions.isDepthwise(conv)
              || conv.input("weights").output().shape().dim(0) == 1)) {
        ChannelAffine affine = ChannelAffine.of(op);
        if (affine != null && affine.operand() == conv) {
          return fold(op, conv, affine);
        }
      }
    }
    return null;
  }

  private static Rewrite.Replacement fold(Op root, Op conv, ChannelAffine affine) {
    return new Rewrite.Replacement(
        List.of(conv.input()),
        r -> {
          Op weights = conv.input("weights");
          List<Op> bias = conv.inputs("bias");
          Map<String, List<Op>> in = new LinkedHashMap<>();
          in.put("input", List.of(r.image(conv.input())));
          TensorData newWeights =
              scaled(weights.constData(), affine.scale(), Convolutions.isDepthwise(conv));
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

  private static TensorData shifted(List<Op> bias, ChannelAffine affine) {
    float[] values = new float[affine.channels()];
    TensorData before = bias.isEmpty() ? null : bias.get(0).constData();
    for (int c = 0; c < values.length; c++) {
      double old = before == null ? 0 : before.getFloat(c);
      values[c] = (float) (old * affine.scale()[c] + affine.shift()[c]);
    }
    return TensorData.ofFloats(Shape.of(values.length), values);
  }
}
