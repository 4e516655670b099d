package io.sluice.dpu.exact;

/**
 * For every output channel of a convolution the sum of all products w * x that can be negative and
 * the sum of all that can be positive, over some input channels. Each partial sum in any order, and
 * each result, padded or not, lies between the two.
 */
final class ChannelSums {
  private final Convolution conv;
  private final ValueRange input;
  private final long[] below;
  private final long[] above;

  /** Over no input channels yet. */
  ChannelSums(Convolution conv, ValueRange input) {
    this.conv = conv;
    this.input = input;
    this.below = new long[conv.outChannels()];
    this.above = new long[conv.outChannels()];
  }

  /** Over all input channels. */
  static ChannelSums of(Convolution conv, ValueRange input) {
    ChannelSums sums = new ChannelSums(conv, input);
    sums.add(0, conv.inChannels() / conv.groups());
    return sums;
  }

  /**
   * Adds input channels.
   *
   * @param from the first of each group
   * @param to behind the last
   */
  void add(int from, int to) {
    int groupIn = conv.inChannels() / conv.groups();
    int taps = conv.y().kernel() * conv.x().kernel();
    int[] low = new int[conv.inChannels()];
    int[] high = new int[conv.inChannels()];
    for (int c = 0; c < low.length; c++) {
      low[c] = input.channel(c).low();
      high[c] = input.channel(c).high();
    }
    for (int oc = 0; oc < below.length; oc++) {
      int first = oc / (conv.outChannels() / conv.groups()) * groupIn;
      for (int tap = 0; tap < taps; tap++) {
        int weights = (oc * taps + tap) * groupIn;
        for (int c = from; c < to; c++) {
          int a = conv.weights()[weights + c] * low[first + c];
          int b = conv.weights()[weights + c] * high[first + c];
          below[oc] += Math.min(0, Math.min(a, b));
          above[oc] += Math.max(0, Math.max(a, b));
        }
      }
    }
  }

  /** At most zero. */
  long below(int outChannel) {
    return below[outChannel];
  }

  /** At least zero. */
  long above(int outChannel) {
    return above[outChannel];
  }

  /** The largest magnitude of all output channels. */
  long largest() {
    long largest = 0;
    for (int oc = 0; oc < below.length; oc++) {
      largest = Math.max(largest, Math.max(-below[oc], above[oc]));
    }
    return largest;
  }
}
