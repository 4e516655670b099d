package io.sluice.optimize;

import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Takes a scale and shift per channel, s * x + t as a depthwise 1x1 convolution, into the
 * convolution that alone reads it: weights w * s, and a bias that grows by the sum of w * t. That
 * is exact where every output sees every weight: without padding, or where all shifts are zero.
 *
 * <p>One rounding to 8 bits less on the way, and one pass over the feature map less.
 */
final class FoldIntoNextConv implements Pass {
  @Override
  public Set<Class<? extends Pass>> after() {
    return Set.of(AffineToDepthwise.class, FoldIntoConv.class, PadFolding.class);
  }

  @Override
  public Rewrite.Replacement match(Op op, Set<Op> outputs) {
    if (!(op.type().equals("conv2d") || op.type().equals("depthwise-conv2d"))
        || op.attrs().getInt("group", 1) != 1
        || !Convolutions.hasConstants(op)
        || !Convolutions.isChannelScale(op.input())
        || !Match.onlyRead(op.input(), outputs)) {
      return null;
    }
    Op scale = op.input();
    float[] s = scale.input("weights").constData().toFloats();
    float[] t =
        scale.inputs("bias").isEmpty()
            ? new float[s.length]
            : scale.input("bias").constData().toFloats();
    return isPadded(op) && !isZero(t) ? null : fold(op, scale, s, t);
  }

  private static Rewrite.Replacement fold(Op op, Op scale, float[] s, float[] t) {
    return new Rewrite.Replacement(
        List.of(scale.input()),
        r -> {
          Op weights = op.input("weights");
          float[] w = weights.constData().toFloats();
          float[] bias = bias(op, w, t);
          for (int i = 0; i < w.length; i++) {
            w[i] = (float) ((double) w[i] * s[i % s.length]);
          }
          TensorData scaled = TensorData.ofFloats(weights.output().shape(), w);
          Map<String, List<Op>> in = new LinkedHashMap<>();
          in.put("input", List.of(r.image(scale.input())));
          in.put(
              "weights", List.of(r.target().addConst(r.fresh(weights.name() + "_scaled"), scaled)));
          TensorData sums = TensorData.ofFloats(Shape.of(bias.length), bias);
          in.put("bias", List.of(r.target().addConst(r.fresh(op.name() + "_bias"), sums)));
          return r.target().add(op.name(), op.type(), op.attrs(), in);
        });
  }

  /** The bias and the sum of w * t for each output: of weights [O,H,W,I], or [M,H,W,C]. */
  private static float[] bias(Op op, float[] w, float[] t) {
    int outputs = op.output().shape().dim(3);
    int area = w.length / (op.input("weights").output().shape().dim(0) * t.length);
    double[] sums = new double[outputs];
    for (int i = 0; i < w.length; i++) {
      int k = i % t.length;
      int o = Convolutions.isDepthwise(op) ? k : i / (area * t.length);
      sums[o] += (double) w[i] * t[k];
    }
    float[] bias = new float[outputs];
    for (int o = 0; o < outputs; o++) {
      double before = op.inputs("bias").isEmpty() ? 0 : op.input("bias").constData().getFloat(o);
      bias[o] = (float) (before + sums[o]);
    }
    return bias;
  }

  private static boolean isPadded(Op op) {
    return !op.attrs().getString("pad_mode").equals("FLOOR")
        || Arrays.stream(op.attrs().getInts("pad", 0, 0, 0, 0)).anyMatch(p -> p != 0);
  }

  private static boolean isZero(float[] values) {
    for (float v : values) {
      if (v != 0) {
        return false;
      }
    }
    return true;
  }
}
