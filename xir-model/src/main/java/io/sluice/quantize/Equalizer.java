package io.sluice.quantize;

import io.sluice.xir.FixPoint;
import io.sluice.xir.Op;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Cross-layer equalization (Nagel et al., 2019): one position per tensor serves channels of very
 * different range badly, so each channel of a {@link ScaleFamily} is multiplied by a factor that
 * the weights of its readers take back. In float nothing changes but rounding.
 *
 * <p>The factor of channel k is W_k^a / X_k^(1-a), where X is the range of the channel and W that
 * of the weights that read it, each relative to the largest of its tensor and not below 1/8:
 * beyond, a channel that is nearly dead would claim a scale at which the producer's own constants
 * round away. The exponent a is the one of 0, 1/4 .. 1 with the least modelled noise; with none
 * better than no scaling, nothing is done. Noise is modelled as rounding of activations and
 * weights, each in proportion to its step:
 *
 * <pre>sum_k (max_j c_j X_j)^2 |w_k|^2 / c_k^2 + sum_k (max_j W_j / c_j)^2 x_k^2 c_k^2 n</pre>
 *
 * <p>with n weights read per channel and x_k, the root mean square, taken as an eighth of X_k. A
 * producer that only scales gets factors that its own 8-bit weights hold exactly.
 */
final class Equalizer {
  private static final double FLOOR = 1.0 / 8;
  private static final double MEAN_SQUARE = 1.0 / 64;
  private static final double[] EXPONENTS = {0, 0.25, 0.5, 0.75, 1};

  private final ChannelRanges ranges;
  private final List<Op> tensors;
  private final Map<Op, float[]> changed = new HashMap<>();

  private Equalizer(List<Op> tensors, ChannelRanges ranges) {
    this.tensors = tensors;
    this.ranges = ranges;
  }

  /** The tensors whose channel ranges decide, each once. */
  static List<Op> tensors(List<ScaleFamily> families) {
    return families.stream().flatMap(f -> f.tensors().stream()).distinct().toList();
  }

  /** The new values of all constants that change. */
  static Map<Op, float[]> equalize(List<ScaleFamily> families, ChannelRanges ranges) {
    Equalizer equalizer = new Equalizer(tensors(families), ranges);
    families.forEach(equalizer::scale);
    return equalizer.changed;
  }

  private void scale(ScaleFamily family) {
    double[] x = relativeRanges(family);
    double[] w = new double[x.length];
    double[] squares = new double[x.length];
    int reads = 0;
    for (ScaleFamily.Consumer c : family.consumers()) {
      reads += addWeights(c, w, squares);
    }
    double[] best = null;
    double least = noise(ones(x.length), x, w, squares, reads);
    for (double exponent : EXPONENTS) {
      double[] factors = new double[x.length];
      Arrays.setAll(
          factors,
          k ->
              Math.pow(Math.max(w[k], FLOOR), exponent)
                  / Math.pow(Math.max(x[k], FLOOR), 1 - exponent));
      double noise = noise(factors, x, w, squares, reads);
      if (noise < least) {
        least = noise;
        best = factors;
      }
    }
    if (best != null) {
      apply(family, best);
    }
  }

  private double[] relativeRanges(ScaleFamily family) {
    double[] x = new double[family.channels()];
    for (Op tensor : family.tensors()) {
      double[] max = ranges.get(tensors.indexOf(tensor));
      double largest = Arrays.stream(max).max().orElse(0);
      for (int k = 0; k < x.length && largest > 0; k++) {
        x[k] = Math.max(x[k], max[k] / largest);
      }
    }
    return x;
  }

  private int addWeights(ScaleFamily.Consumer consumer, double[] max, double[] squares) {
    float[] values = values(consumer.op().input("weights"));
    int inputs = consumer.op().input().output().shape().dim(3);
    double largest = largest(values);
    for (int i = 0; i < values.length && largest > 0; i++) {
      int k = i % inputs - consumer.offset();
      if (k >= 0 && k < max.length) {
        double v = Math.abs(values[i]) / largest;
        max[k] = Math.max(max[k], v);
        squares[k] += v * v;
      }
    }
    return values.length / inputs;
  }

  private static double noise(
      double[] factors, double[] x, double[] w, double[] squares, int reads) {
    double activationStep = 0;
    double weightStep = 0;
    for (int k = 0; k < x.length; k++) {
      activationStep = Math.max(activationStep, factors[k] * x[k]);
      weightStep = Math.max(weightStep, w[k] / factors[k]);
    }
    double noise = 0;
    for (int k = 0; k < x.length; k++) {
      double scaled = factors[k] * x[k];
      noise += activationStep * activationStep * squares[k] / (factors[k] * factors[k]);
      noise += weightStep * weightStep * scaled * scaled * MEAN_SQUARE * reads;
    }
    return noise;
  }

  private void apply(ScaleFamily family, double[] wanted) {
    Op producer = family.producer();
    float[] weights = values(producer.input("weights"));
    float[] bias = values(producer.input("bias"));
    boolean depthwise = ScaleFamily.isDepthwise(producer);
    double[] factors = QuantizableOps.isChannelScale(producer) ? onGrid(weights, wanted) : wanted;
    int perOutput = weights.length / factors.length;
    for (int i = 0; i < weights.length; i++) {
      weights[i] *= (float) factors[depthwise ? i % factors.length : i / perOutput];
    }
    for (int k = 0; k < bias.length; k++) {
      bias[k] *= (float) factors[k];
    }
    for (ScaleFamily.Consumer c : family.consumers()) {
      float[] read = values(c.op().input("weights"));
      int inputs = c.op().input().output().shape().dim(3);
      for (int i = 0; i < read.length; i++) {
        int k = i % inputs - c.offset();
        if (k >= 0 && k < factors.length) {
          read[i] /= (float) factors[k];
        }
      }
    }
  }

  /** Factors near the wanted ones at which the scaled weights are 8-bit integers. */
  private static double[] onGrid(float[] weights, double[] wanted) {
    float[] scaled = new float[weights.length];
    for (int k = 0; k < scaled.length; k++) {
      scaled[k] = (float) Math.abs(weights[k] * wanted[k]);
    }
    float max = (float) largest(scaled);
    if (max == 0) {
      return wanted;
    }
    int position = FixPoint.nonOverflowPosition(-max, max, 8);
    double[] factors = wanted.clone();
    for (int k = 0; k < factors.length; k++) {
      double q = Math.rint(Math.scalb((double) scaled[k], position));
      if (scaled[k] > 0) {
        q = Math.max(1, Math.min(FixPoint.high(8), q));
        factors[k] = Math.scalb(q, -position) / Math.abs(weights[k]);
      }
    }
    return factors;
  }

  private float[] values(Op constant) {
    return changed.computeIfAbsent(constant, c -> c.constData().toFloats());
  }

  private static double largest(float[] values) {
    double max = 0;
    for (float v : values) {
      max = Math.max(max, Math.abs(v));
    }
    return max;
  }

  private static double[] ones(int count) {
    double[] ones = new double[count];
    Arrays.fill(ones, 1);
    return ones;
  }
}
