package io.sluice.dpu.exact;

import static io.sluice.onnx.OnnxAttributes.integer;

import java.util.Arrays;
import java.util.List;

/**
 * MAX as MaxPool, which only chooses. AVG as a depthwise convolution with every weight N * 2^-shift
 * while sum * N fits 2^24, which it does for kernels up to about 40 x 40.
 *
 * <p>Above, the convolution gives V = S / 256 of the sum S, and with V = a + f, a = floor(V), and
 * shift s: floor((S N + 2^(s-1)) / 2^s) = floor((a N + floor(f N) + 2^(s-9)) / 2^(s-8)), where f N
 * < N has 8 bits below the point. That needs |S| within 2^24 and |a| N + N + 2^(s-9) within 2^24.
 */
final class PoolLowering implements Lowering<PoolKernel> {
  private final FloatArithmetic arithmetic;

  PoolLowering(FloatArithmetic arithmetic) {
    this.arithmetic = arithmetic;
  }

  @Override
  public String refusal(PoolKernel kernel, List<ValueRange> inputs) {
    int shift = kernel.requantize().shift();
    if (!kernel.average()) {
      return shift <= FloatArithmetic.MAX_SHIFT ? null : "shift " + shift;
    }
    if (direct(kernel, inputs.get(0)) != null) {
      return null;
    }
    long sum = largestSum(kernel, inputs.get(0));
    long n = kernel.multiplier();
    boolean exact =
        shift >= 9
            && shift < 34
            && sum <= AccumulatorBound.EXACT
            && (sum / 256 + 1) * n + n + (1L << (shift - 9)) <= AccumulatorBound.EXACT;
    return exact ? null : "the sum of the window counts to " + sum + " times " + n;
  }

  private static long largestSum(PoolKernel kernel, ValueRange input) {
    return (long) kernel.y().kernel() * kernel.x().kernel() * input.magnitude();
  }

  /** The first form in which the whole sum fits; null if there is none. */
  private FloatArithmetic direct(PoolKernel kernel, ValueRange input) {
    int bits = Math.max(0, kernel.requantize().shift());
    long sum = largestSum(kernel, input) * kernel.multiplier();
    return arithmetic.first(
        kernel.output(), form -> form.frame(bits, Byte.MAX_VALUE).count(sum, bits) <= form.exact());
  }

  @Override
  public FloatGraph.Value lower(
      PoolKernel kernel, List<FloatGraph.Value> inputs, List<ValueRange> ranges, FloatGraph g) {
    String x = inputs.get(0).name();
    String y;
    int shift = kernel.requantize().shift();
    if (!kernel.average()) {
      String largest =
          g.moved(
              inputs.get(0),
              held ->
                  g.node(
                      "MaxPool",
                      List.of(held),
                      ConvolutionLowering.window(kernel.y(), kernel.x())));
      y = arithmetic.requantize(g, largest, kernel.requantize(), kernel.output());
    } else if (direct(kernel, ranges.get(0)) != null) {
      FloatArithmetic form = direct(kernel, ranges.get(0));
      FloatArithmetic.Frame frame = form.frame(shift, Byte.MAX_VALUE);
      double weight = frame.sign() * Math.scalb((double) kernel.multiplier(), -shift);
      y =
          form.settleFramed(
              g, sum(kernel, x, weight, frame.term(), g), shift, Byte.MIN_VALUE, Byte.MAX_VALUE);
    } else {
      y = cut(kernel, sum(kernel, x, 1.0 / 256, 0, g), shift, g);
    }
    return new FloatGraph.Value(y, kernel.output());
  }

  private String sum(PoolKernel kernel, String x, double weight, double bias, FloatGraph g) {
    int channels = kernel.input().dim(3);
    float[] weights = new float[channels * kernel.y().kernel() * kernel.x().kernel()];
    Arrays.fill(weights, (float) weight);
    float[] biases = new float[channels];
    Arrays.fill(biases, (float) bias);
    return g.node(
        "Conv",
        List.of(
            x,
            g.floats(weights, channels, 1, kernel.y().kernel(), kernel.x().kernel()),
            g.floats(biases, channels)),
        ConvolutionLowering.window(kernel.y(), kernel.x(), integer("group", channels)));
  }

  private String cut(PoolKernel kernel, String v, int shift, FloatGraph g) {
    String whole = g.floor(v);
    String part = g.floor(g.multiply(g.subtract(v, whole), kernel.multiplier()));
    String total = g.add(g.multiply(whole, kernel.multiplier()), part);
    String half = g.add(total, Math.scalb(1.0, shift - 9));
    return g.floor(g.clip(arithmetic.scale(g, half, 8 - shift), Byte.MIN_VALUE, Byte.MAX_VALUE));
  }

  @Override
  public ValueRange range(PoolKernel kernel, List<ValueRange> inputs) {
    ValueRange in = inputs.get(0);
    if (!kernel.average()) {
      return in.map(kernel.requantize());
    }
    long area = (long) kernel.y().kernel() * kernel.x().kernel() * kernel.multiplier();
    return in.map(
        c ->
            new ValueRange.Interval(
                kernel.requantize().apply(area * Math.min(0, c.low())),
                kernel.requantize().apply(area * Math.max(0, c.high()))));
  }
}
