package io.sluice.dpu.exact;

import io.sluice.xir.AttrValue;
import io.sluice.xir.Attrs;
import io.sluice.xir.DataType;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Programs whose inputs sit where a wrong float form shows: within two steps of every rounding
 * boundary, all arguments where there are few, and sums that leave 2^24 and come back.
 */
final class BoundaryCases {
  private static final int ADJUSTED = 17;
  private static final int PIXELS = 48;

  private BoundaryCases() {}

  /** A program with its inputs and what it aims at. */
  record Aimed(String aim, FixProgram program, Map<String, TensorData> inputs) {}

  /** All of them, one after another. */
  static void each(Consumer<Aimed> consumer) {
    for (Activation.Kind kind : Activation.Kind.values()) {
      for (int cut = 0; cut <= 16; cut++) {
        consumer.accept(convolution(kind, cut));
      }
    }
    for (int kernel : new int[] {2, 3, 4, 5, 6, 7, 8, 11, 14, 16, 40, 80, 160}) {
      for (int shift : new int[] {-3, 0, 2}) {
        consumer.accept(averagePool(kernel, shift));
      }
    }
    pairs(consumer);
    bytes(consumer);
    for (int cut : new int[] {0, 1, 7, 12, 16}) {
      for (int biasShift : new int[] {Math.min(0, cut - 16), 0, 16}) {
        consumer.accept(cancelling(false, 1, 1, cut, biasShift));
        consumer.accept(cancelling(true, 1, 1, cut, biasShift));
      }
      consumer.accept(cancelling(false, 2, 1, cut, 0));
      consumer.accept(cancelling(false, 1, 4, cut, 0));
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
   * A pointwise convolution that hits each total at one pixel: channels of weight 127 give the
   * multiples, one of weight 1 the rest.
   */
  private static Aimed convolution(Activation.Kind kind, int cut) {
    // leaky reaches its last boundary ten times later; more channels than 1000 leave 2^24
    int steps = kind == Activation.Kind.LEAKYRELU ? 1350 : 135;
    int channels = Math.min(1000, Math.max(8, 2 + (steps << cut) / (127 * 127)));
    long reach = 126L * 127 * (channels - 1);
    long[] totals = totals(kind, cut, reach);
    FixGraph g = new FixGraph();
    Op in = g.input(0, 1, 1, totals.length, channels);
    byte[] weights = new byte[channels];
    Arrays.fill(weights, (byte) 127);
    weights[0] = 1;
    int before = 4;
    int after = kind == Activation.Kind.HSIGMOID ? 7 : before;
    g.convolve(
        "conv2d-fix",
        after,
        FixGraph.nonlinear(kind, before, after),
        in,
        weights,
        before + cut,
        new int[] {1, 1, 1, channels},
        new byte[1],
        before + cut);
    byte[] x = new byte[totals.length * channels];
    for (int p = 0; p < totals.length; p++) {
      set(x, p * channels, channels, totals[p]);
    }
    return aimed(kind + " boundaries after shift_cut " + cut, g, Map.of(in, x));
  }

  /** Windows whose sums times N are next to the boundaries of the average. */
  private static Aimed averagePool(int kernel, int shift) {
    AverageFactor factor = AverageFactor.of(kernel, kernel);
    int area = kernel * kernel;
    List<Long> sums = new ArrayList<>();
    int stride = kernel > 20 ? 16 : 1;
    for (int step = -129; step <= 128; step += stride) {
      long boundary = (2L * step + 1) << (factor.shift() + shift + 3);
      for (int off = -2; off <= 2; off++) {
        long sum = Math.floorDiv(boundary, 16L * factor.multiplier()) + off;
        if (Math.abs(sum) <= 127L * area) {
          sums.add(sum);
        }
      }
    }
    FixGraph g = new FixGraph();
    Op in = g.input(4 + shift, 1, kernel, kernel * sums.size(), 1);
    g.add(
        "pool-fix",
        4,
        Attrs.EMPTY
            .with("kernel", new int[] {kernel, kernel})
            .with("stride", new int[] {kernel, kernel})
            .with("type", "AVG"),
        in);
    byte[] x = new byte[area * sums.size()];
    for (int w = 0; w < sums.size(); w++) {
      long rest = sums.get(w);
      for (int i = 0; i < area; i++) {
        long part = Math.max(-127, Math.min(127, rest));
        x[i / kernel * kernel * sums.size() + w * kernel + i % kernel] = (byte) part;
        rest -= part;
      }
    }
    return aimed("average over " + kernel + " x " + kernel, g, Map.of(in, x));
  }

  /** Sums and products of all pairs of values. */
  private static void pairs(Consumer<Aimed> consumer) {
    byte[] first = new byte[1 << 16];
    byte[] second = new byte[1 << 16];
    for (int i = 0; i < first.length; i++) {
      first[i] = (byte) i;
      second[i] = (byte) (i >> 8);
    }
    for (Activation.Kind kind : Activation.Kind.values()) {
      for (int read : new int[] {0, 1, 5, 15}) {
        for (int write : new int[] {-2, 0, 1, 7}) {
          int before = 12 - write;
          int after = kind == Activation.Kind.HSIGMOID ? 7 : before;
          for (String type : List.of("ADD", "MUL")) {
            if (type.equals("MUL") && read == 15) {
              continue;
            }
            FixGraph g = new FixGraph();
            boolean sum = type.equals("ADD");
            Op a = g.input(sum ? 12 : 6, 1, 256, 256, 1);
            Op b = g.input(sum ? 12 + read : 6 + read, 1, 256, 256, 1);
            g.add(
                "eltwise-fix",
                after,
                FixGraph.nonlinear(kind, before, after).with("type", type),
                a,
                b);
            String aim = type + " " + kind + " of all pairs, shifts " + read + ", " + write;
            consumer.accept(aimed(aim, g, Map.of(a, first, b, second)));
          }
        }
      }
    }
  }

  /** Functions of one value on all values: hard sigmoids, and requantization by an upsampling. */
  private static void bytes(Consumer<Aimed> consumer) {
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    for (int position = 0; position <= 15; position++) {
      for (int result = 7; result <= 10; result++) {
        FixGraph g = new FixGraph();
        Op in = g.input(position, 1, 16, 16, 1);
        g.add("hard-sigmoid-fix", result, Attrs.EMPTY, in);
        consumer.accept(
            aimed("hard sigmoid from " + position + " to " + result, g, Map.of(in, all)));
      }
    }
    for (int shift = -10; shift <= 26; shift++) {
      FixGraph g = new FixGraph();
      Op in = g.input(shift, 1, 16, 16, 1);
      g.add(
          "upsample-fix",
          0,
          Attrs.EMPTY.with("mode", "NEAREST").with("scale", AttrValue.ofFloats(2, 1)),
          in);
      consumer.accept(aimed("requantization by " + shift, g, Map.of(in, all)));
    }
  }

  /**
   * Convolutions whose sums go far beyond 2^24 over the first half of the channels and come back
   * over the second. At every pixel some channels are set so that the total ends within a step of a
   * boundary.
   */
  private static Aimed cancelling(
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
      set(x, p * kernel * all, ADJUSTED, boundary + random.nextInt(-1, 2) - total);
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
            "cancelling sums of %s %d x %d in %d groups, shift_cut %d, shift_bias %d",
            y.type(), kernel, kernel, groups, cut, biasShift);
    return aimed(aim, g, Map.of(in, x));
  }

  /** Sets channels of a pixel, of weight 1 and then 127, so that they sum to a value. */
  private static void set(byte[] x, int pixel, int channels, long value) {
    long unit = Math.floorDiv(value + 63, 127);
    x[pixel] = (byte) (value - unit * 127);
    for (int c = 1; c < channels; c++) {
      long part = Math.max(-127, Math.min(127, unit));
      x[pixel + c] = (byte) part;
      unit -= part;
    }
    if (unit != 0) {
      throw new IllegalArgumentException(value + " is out of reach");
    }
  }

  private static Aimed aimed(String aim, FixGraph g, Map<Op, byte[]> values) {
    Map<String, TensorData> inputs = new HashMap<>();
    values.forEach(
        (op, bytes) -> {
          Shape shape = op.output().shape();
          inputs.put(op.output().name(), TensorData.wrap(DataType.XINT8, shape, bytes));
        });
    return new Aimed(aim, g.program(), inputs);
  }
}
