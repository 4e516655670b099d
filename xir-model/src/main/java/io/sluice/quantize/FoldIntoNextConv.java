package io.sluice.quantize;

import io.sluice.xir.Op;
import io.sluice.xir.TensorData;
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
final class FoldIntoNextConv implements io.sluice.optimize.Rewrite.Rule {
  @Override
  public io.sluice.optimize.Rewrite.Replacement match(Op op, Set<Op> outputs) {
    boolean dense = op.type().equals("conv2d");
    if (!(dense || op.type().equals("depthwise-conv2d"))
        || op.attrs().getInt("group", 1) != 1
        || !isConstant(op)
        || !QuantizableOps.isChannelScale(op.input())
        || op.input().fanOut().size() != 1
        || outputs.contains(op.input())) {
      return null;
    }
    Op scale = op.input();
    int channels = scale.output().shape().dim(3);
    float[] s = scale.input("weights").constData().toFloats();
    float[] t =
        scale.inputs("bias").isEmpty()
            ? new float[channels]
            : scale.input("bias").constData().toFloats();
    if (isPadded(op) && !isZero(t)) {
      return null;
    }
    return new io.sluice.optimize.Rewrite.Replacement(
        List.of(scale.input()),
        r -> {
          Op weights = op.input("weights");
          float[] w = weights.constData().toFloats();
          int outputsCount = op.output().shape().dim(3);
          double[] added = new double[outputsCount];
          int perOutput = w.length / outputsCount;
          for (int i = 0; i < w.length; i++) {
            int k = i % channels;
            added[dense ? i / perOutput : k] += (double) w[i] * t[k];
            w[i] = (float) ((double) w[i] * s[k]);
          }
          float[] bias = new float[outputsCount];
          for (int o = 0; o < outputsCount; o++) {
            double before =
                op.inputs("bias").isEmpty() ? 0 : op.input("bias").constData().getFloat(o);
            bias[o] = (float) (before + added[o]);
          }
          Map<String, List<Op>> in = new LinkedHashMap<>();
          in.put("input", List.of(r.image(scale.input())));
          in.put(
              "weights",
              List.of(
                  r.target()
                      .addConst(
                          r.fresh(weights.name() + "_scaled"),
                          TensorData.ofFloats(weights.output().shape(), w))));
          in.put(
              "bias",
              List.of(
                  r.target()
                      .addConst(
                          r.fresh(op.name() + "_bias"),
                          TensorData.ofFloats(io.sluice.xir.Shape.of(outputsCount), bias))));
          return r.target().add(op.name(), op.type(), op.attrs(), in);
        });
  }

  private static boolean isConstant(Op op) {
    return QuantizableOps.kind(op) == QuantizableOps.Kind.CONVOLUTION;
  }

  private static boolean isPadded(Op op) {
    for (int p : op.attrs().getInts("pad")) {
      if (p != 0) {
        return true;
      }
    }
    return !op.attrs().getString("pad_mode").equals("FLOOR");
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
