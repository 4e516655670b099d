package io.sluice.dpu.exact;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/**
 * The values that a tensor can have, as far as its producers tell: 0 to 127 after a ReLU. Zero may
 * always be added to a range: padding is zero, and a sum without a term has it as zero.
 *
 * @param channels by index of the last axis; or one range, for all of them
 */
record ValueRange(List<Interval> channels) {

  /**
   * @param low smallest
   * @param high largest
   */
  record Interval(int low, int high) {
    Interval {
      if (low > high) {
        throw new IllegalArgumentException(low + " > " + high);
      }
    }

    Interval with(int value) {
      return new Interval(Math.min(low, value), Math.max(high, value));
    }

    private Interval with(Interval other) {
      return with(other.low).with(other.high);
    }
  }

  /** Any int8. */
  static final ValueRange INT8 = new ValueRange(Byte.MIN_VALUE, Byte.MAX_VALUE);

  ValueRange {
    channels = List.copyOf(channels);
    if (channels.isEmpty()) {
      throw new IllegalArgumentException("no channels");
    }
  }

  /** One range for all channels. */
  ValueRange(int low, int high) {
    this(List.of(new Interval(low, high)));
  }

  /** A range for each of so many channels. */
  static ValueRange of(int channels, IntFunction<Interval> range) {
    List<Interval> ranges = new ArrayList<>(channels);
    for (int c = 0; c < channels; c++) {
      ranges.add(range.apply(c));
    }
    return new ValueRange(ranges);
  }

  /** Of tensors that may take the place of each other, channel by channel. */
  static ValueRange union(List<ValueRange> ranges) {
    int channels = ranges.stream().mapToInt(range -> range.channels.size()).max().orElseThrow();
    return of(
        channels,
        c -> ranges.stream().map(range -> range.channel(c)).reduce(Interval::with).orElseThrow());
  }

  /**
   * Of tensors one after another along the channels.
   *
   * @param sizes the channels of each
   */
  static ValueRange concat(List<ValueRange> ranges, List<Integer> sizes) {
    List<Interval> all = new ArrayList<>();
    for (int i = 0; i < ranges.size(); i++) {
      ValueRange range = ranges.get(i);
      all.addAll(range.same() ? Collections.nCopies(sizes.get(i), range.whole()) : range.channels);
    }
    return new ValueRange(all);
  }

  /** Whether all channels have one range. */
  boolean same() {
    return channels.size() == 1;
  }

  Interval channel(int c) {
    return channels.get(same() ? 0 : c);
  }

  /** Of all channels. */
  Interval whole() {
    return channels.stream().reduce(Interval::with).orElseThrow();
  }

  /** Without the order of the channels. */
  ValueRange mixed() {
    return new ValueRange(List.of(whole()));
  }

  ValueRange map(UnaryOperator<Interval> function) {
    return new ValueRange(channels.stream().map(function).toList());
  }

  /** The range after a function that never falls. */
  ValueRange map(Requantize requantize) {
    return map(in -> new Interval(requantize.apply(in.low()), requantize.apply(in.high())));
  }

  int low() {
    return whole().low();
  }

  int high() {
    return whole().high();
  }

  /** The largest magnitude. */
  int magnitude() {
    return Math.max(Math.abs(low()), Math.abs(high()));
  }
}
