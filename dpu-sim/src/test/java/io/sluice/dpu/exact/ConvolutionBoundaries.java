package io.sluice.dpu.exact;

import io.sluice.xir.Attrs;
import io.sluice.xir.Op;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Convolutions of every kind next to their boundaries, and with sums that cancel. */
final class ConvolutionBoundaries {
  private static final int ADJUSTED = 17;
  private static final int PIXELS = 48;

  /** So few terms that 127 * 2^16 steps more are within 2^24. */
  private static final int FEW = 490;

  private static final byte[] NO_BIAS = {0};

  /** With a negative shift_bias these are fractions of a step. */
  private static final byte[] BIASES = {-2, -1, 0, 1, 2};

  private ConvolutionBoundaries() {}

  static void each(Consumer<BoundaryCases.Aimed> consumer) {
    for (Activation.Kind kind : Activation.Kind.values()) {
      for (int cut = 0; cut <= 16; cut++) {
        consumer.accept(next(new Form("conv2d-fix", 1, 1), kind, cut, 0));
      }
      for (int cut : new int[] {0, 1, 7, 12, 16}) {
        consumer.accept(next(new Form("conv2d-fix", 3, 2), kind, cut, 0));
        consumer.accept(next(new Form("transposed-conv2d-fix", 2, 1), kind, cut, 0));
        consumer.accept(next(new Form("depthwise-conv2d-fix", 7, 2), kind, cut, 0));
        consumer.accept(next(new Form("transposed-depthwise-conv2d-fix", 5, 2), kind, cut, 0));
        if (kind != Activation.Kind.LEAKYRELU && cut < 16) {
          int biasShift = Math.max(cut - 16, -4);
          consumer.accept(next(new Form("conv2d-fix", 1, 1), kind, cut, biasShift));
          consumer.accept(next(new Form("depthwise-conv2d-fix", 7, 5), kind, cut, biasShift));
        }
      }
    }
    consumer.accept(next(new Form("conv2d-fix", 1, 1), Activation.Kind.NONE, 16, 0, FEW));
    for (int cut : new int[] {0, 1, 7, 12, 16}) {
      for (int biasShift : new int[] {Math.min(0, cut - 16), 0, 16}) {
        consumer.accept(cancelling(false, 1, 1, cut, biasShift));
        consumer.accept(cancelling(true, 1, 1, cut, biasShift));
      }
      consumer.accept(cancelling(false, 2, 1, cut, 0));
      consumer.accept(cancelling(false, 1, 4, cut, 0));
    }
  }

  /** A kind of convolution with a square kernel; depthwise has as many channels as groups. */
  private record Form(String type, int kernel, int groups) {
    boolean depthwise() {
      return type.contains("depthwise");
    }

    int area() {
      return kernel * kernel;
    }
  }

  /** The totals within two steps of every boundary of an activation, as far as they are reached. */
  private static long[] totals(Activation.Kind kind, int cut, long reach) {
    List<Long> totals = new ArrayList<>();
    for (int step = -130; step <= 130; step++) {
      long boundary = cut == 0 ? step : ((long) step << cut) + (1L << (cut - 1));
      long leaky = Math.floorDiv(((2L * step + 1) << (cut + 6)), 13);
      for (int off = -2; off <= 2; off++) {
        totals.add(boundary + off);
        if (kind == Activation.Kind.LEAKYRELU && step < 0) {
          totals.add(leaky + off);
        }
      }
    }
    return totals.stream().mapToLong(Long::longValue).filter(t -> Math.abs(t) <= reach).toArray();
  }

  /**
   * A convolution over images as large as its kernel that hits each total in one of them: terms of
   * weight 127 give the multiples, one of weight 1 the rest.
   */
  private static BoundaryCases.Aimed next(Form form, Activation.Kind kind, int cut, int biasShift) {
    // leaky reaches its last boundary ten times later; more terms than 1000 leave 2^24
    int steps = kind == Activation.Kind.LEAKYRELU ? 1350 : 135;
    int wanted = Math.min(1000, Math.max(8, 2 + (steps << cut) / (127 * 127)));
    return next(form, kind, cut, biasShift, wanted);
  }

  /** With at least so many terms, and as far as they reach. */
  private static BoundaryCases.Aimed next(
      Form form, Activation.Kind kind, int cut, int biasShift, int wanted) {
    int channels = form.depthwise() ? 1 : (wanted + form.area() - 1) / form.area();
    int terms = channels * form.area();
    long[] totals = totals(kind, cut, 126L * 127 * (terms - 1));
    int all = form.groups() * channels;
    byte[] x = new byte[totals.length * form.area() * all];
    for (int image = 0; image < totals.length; image++) {
      byte[] parts = parts(totals[image], terms);
      for (int i = 0; i < terms; i++) {
        for (int group = 0; group < form.groups(); group++) {
          int place = (image * form.area() + i / channels) * all + group * channels + i % channels;
          x[place] = parts[i];
        }
      }
    }
    byte[] biases = biasShift < 0 ? BIASES : NO_BIAS;
    int outChannels = form.depthwise() ? form.groups() : form.groups() * biases.length;
    byte[] bias = new byte[outChannels];
    for (int oc = 0; oc < outChannels; oc++) {
      bias[oc] = biases[oc % biases.length];
    }
    byte[] weights = new byte[outChannels * terms];
    Arrays.fill(weights, (byte) 127);
    for (int oc = 0; oc < outChannels; oc++) {
      weights[form.depthwise() ? oc : oc * terms] = 1;
    }
    int before = 4;
    int after = kind == Activation.Kind.HSIGMOID ? 7 : before;
    int pad = form.type().startsWith("transposed") ? form.kernel() - 1 : 0;
    Attrs attrs =
        FixGraph.nonlinear(kind, before, after).with("pad", new int[] {pad, pad, pad, pad});
    FixGraph g = new FixGraph();
    Op in = g.input(0, totals.length, form.kernel(), form.kernel(), all);
    g.convolve(
        form.type(),
        after,
        form.groups() > 1 && !form.depthwise() ? attrs.with("group", form.groups()) : attrs,
        in,
        weights,
        before + cut,
        new int[] {
          form.depthwise() ? 1 : outChannels,
          form.kernel(),
          form.kernel(),
          form.depthwise() ? all : channels
        },
        bias,
        before + cut - biasShift);
    String aim =
        String.format(
            "%s boundaries of %s %dx%d, shift_cut %d, shift_bias %d%s",
            kind,
            form.type(),
            form.kernel(),
            form.kernel(),
            cut,
            biasShift,
            wanted == FEW ? ", few terms" : "");
    return BoundaryCases.aimed(aim, g, Map.of(in, x));
  }

  /**
   * Convolutions whose sums go far beyond 2^24 over the first half of the channels and come back
   * over the second. At every pixel some channels are set so that the total ends within a step of a
   * boundary.
   */
  private static BoundaryCases.Aimed cancelling(
      boolean transposed, int kernel, int groups, int cut, int biasShift) {
    SplittableRandom random = new SplittableRandom(cut * 31L + biasShift + groups);
    int area = kernel * kernel;
    int channels = (groups == 1 ? 4096 : 3072) / area;
    int outChannels = 2 * groups;
    byte[] weights = new byte[outChannels * area * channels];
    for (int i = 0; i < weights.length; i++) {
      int c = i % channels;
      int free = i < channels ? ADJUSTED : 0;
      int sign = c < (channels + free) / 2 ? 1 : -1;
      weights[i] = (byte) (c < free ? 127 : sign * (124 + random.nextInt(4)));
    }
    weights[0] = 1;
    byte[] bias = new byte[outChannels];
    random.nextBytes(bias);
    bias[0] = (byte) random.nextInt(-1, 2);
    int width = kernel * PIXELS;
    int all = groups * channels;
    byte[] x = new byte[kernel * width * all];
    for (int i = 0; i < x.length; i++) {
      x[i] = (byte) (120 + random.nextInt(8));
    }
    for (int p = 0; p < PIXELS; p++) {
      long total = (long) bias[0] << Math.max(0, biasShift);
      for (int c = ADJUSTED; c < area * channels; c++) {
        int tap = c / channels;
        int place = (tap / kernel * width + p * kernel + tap % kernel) * all + c % channels;
        total += (long) weights[c] * x[place];
      }
      long boundary = cut == 0 ? random.nextInt(-99, 99) : (p % 2 * 2 - 1L) << (cut - 1);
      byte[] parts = parts(boundary + random.nextInt(-1, 2) - total, ADJUSTED);
      System.arraycopy(parts, 0, x, p * kernel * all, ADJUSTED);
    }
    FixGraph g = new FixGraph();
    Op in = g.input(0, 1, kernel, width, all);
    Attrs attrs = Attrs.EMPTY.with("stride", new int[] {kernel, kernel});
    Op y =
        g.convolve(
            transposed ? "transposed-conv2d-fix" : "conv2d-fix",
            0,
            groups > 1 ? attrs.with("group", groups) : attrs,
            in,
            weights,
            cut,
            new int[] {outChannels, kernel, kernel, channels},
            bias,
            cut - biasShift);
    String aim =
        String.format(
            "cancelling sums of %s %dx%d in %d groups, shift_cut %d, shift_bias %d",
            y.type(), kernel, kernel, groups, cut, biasShift);
    return BoundaryCases.aimed(aim, g, Map.of(in, x));
  }

  /** Values that sum to a total, the first with weight 1 and the others with 127. */
  private static byte[] parts(long total, int count) {
    byte[] parts = new byte[count];
    long unit = Math.floorDiv(total + 63, 127);
    parts[0] = (byte) (total - unit * 127);
    for (int i = 1; i < count; i++) {
      long part = Math.max(-127, Math.min(127, unit));
      parts[i] = (byte) part;
      unit -= part;
    }
    if (unit != 0) {
      throw new IllegalArgumentException(total + " is out of reach");
    }
    return parts;
  }
}
