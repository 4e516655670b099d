package io.sluice.quantize;

import java.util.Locale;

/** How well outputs agree with wanted ones: signal to noise, and the share of equal arg-max. */
final class Agreement {
  private double signal;
  private double noise;
  private int vectors;
  private int equal;

  void add(float[] wanted, float[] given) {
    add(wanted, given, wanted.length);
  }

  /** Vectors of a length one after the other. */
  void add(float[] wanted, float[] given, int length) {
    for (int i = 0; i < wanted.length; i++) {
      signal += (double) wanted[i] * wanted[i];
      noise += Math.pow((double) wanted[i] - given[i], 2);
    }
    for (int at = 0; at < wanted.length; at += length) {
      vectors++;
      equal += argMax(wanted, at, length) == argMax(given, at, length) ? 1 : 0;
    }
  }

  private static int argMax(float[] values, int at, int length) {
    int best = at;
    for (int i = at; i < at + length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best - at;
  }

  double argMaxShare() {
    return (double) equal / vectors;
  }

  double decibels() {
    return 10 * Math.log10(signal / noise);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%.1f dB, arg-max equal %d of %d", decibels(), equal, vectors);
  }
}
