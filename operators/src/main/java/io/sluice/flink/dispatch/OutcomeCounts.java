package io.sluice.flink.dispatch;

import io.sluice.dispatch.Ending;
import io.sluice.dispatch.Outcome;
import io.sluice.flink.dispatch.DispatchTotals.Part;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/**
 * Counts outcomes. Everything is a sum of integers, so adding up the counts of subtasks gives the
 * same in any order. Histograms have three significant digits.
 */
final class OutcomeCounts {
  private static final int DIGITS = 3;

  private final MeasuredWindows measured;
  private final long[] endings = new long[Ending.values().length];
  private final long[] results;
  private final long[] latencyNs;
  private final Histogram total = new Histogram(DIGITS);
  private final Histogram host = new Histogram(DIGITS);
  private final Histogram transfer = new Histogram(DIGITS);
  private final Histogram queue = new Histogram(DIGITS);
  private final Histogram device = new Histogram(DIGITS);
  private long late;
  private long losses;

  /**
   * What a subtask counted, as it travels.
   *
   * @param numbers endings, late, losses, then results and latencies of the windows
   * @param histograms in the order of {@link Part}, compressed
   */
  record Snapshot(long[] numbers, List<byte[]> histograms) implements Serializable {}

  OutcomeCounts(MeasuredWindows measured) {
    this.measured = measured;
    results = new long[measured.count()];
    latencyNs = new long[measured.count()];
  }

  void add(Outcome outcome) {
    endings[outcome.ending().ordinal()]++;
    losses += outcome.losses();
    if (!outcome.ending().isDone()) {
      return;
    }
    if (outcome.isLate()) {
      late++;
    }
    int window = measured.of(outcome.endedNs());
    if (window >= 0) {
      results[window]++;
      latencyNs[window] += outcome.latencyNs();
      total.recordValue(outcome.latencyNs());
      host.recordValue(outcome.hostNs());
      transfer.recordValue(outcome.transferNs());
      queue.recordValue(outcome.queueNs());
      device.recordValue(outcome.deviceNs());
    }
  }

  /** In the order of {@link Part}. */
  private List<Histogram> histograms() {
    return List.of(total, host, transfer, queue, device);
  }

  Snapshot snapshot() {
    int fixed = endings.length + 2;
    long[] numbers = Arrays.copyOf(endings, fixed + 2 * results.length);
    numbers[endings.length] = late;
    numbers[endings.length + 1] = losses;
    System.arraycopy(results, 0, numbers, fixed, results.length);
    System.arraycopy(latencyNs, 0, numbers, fixed + results.length, results.length);
    List<byte[]> bytes = new ArrayList<>();
    for (Histogram histogram : histograms()) {
      ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
      int length = histogram.encodeIntoCompressedByteBuffer(buffer);
      bytes.add(Arrays.copyOf(buffer.array(), length));
    }
    return new Snapshot(numbers, bytes);
  }

  void add(Snapshot other) {
    int fixed = endings.length + 2;
    for (int i = 0; i < endings.length; i++) {
      endings[i] += other.numbers[i];
    }
    late += other.numbers[endings.length];
    losses += other.numbers[endings.length + 1];
    for (int w = 0; w < results.length; w++) {
      results[w] += other.numbers[fixed + w];
      latencyNs[w] += other.numbers[fixed + results.length + w];
    }
    List<Histogram> own = histograms();
    for (int i = 0; i < own.size(); i++) {
      try {
        own.get(i)
            .add(
                Histogram.decodeFromCompressedByteBuffer(
                    ByteBuffer.wrap(other.histograms.get(i)), 0));
      } catch (DataFormatException e) {
        throw new IllegalStateException("a histogram of this job cannot be read", e);
      }
    }
  }

  long ended(Ending ending) {
    return endings[ending.ordinal()];
  }

  long late() {
    return late;
  }

  long losses() {
    return losses;
  }

  List<DispatchTotals.Window> windows() {
    List<DispatchTotals.Window> windows = new ArrayList<>();
    for (int w = 0; w < results.length; w++) {
      windows.add(new DispatchTotals.Window(results[w], latencyNs[w]));
    }
    return windows;
  }

  Map<Part, Histogram> parts() {
    Map<Part, Histogram> parts = new EnumMap<>(Part.class);
    for (Part part : Part.values()) {
      parts.put(part, histograms().get(part.ordinal()));
    }
    return parts;
  }
}
