package io.sluice.flink.dispatch;

import io.sluice.dispatch.Ending;
import io.sluice.dispatch.Usage;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What became of all requests of a job of dispatchers. All but {@link #playedSeconds} is modelled
 * and the same whatever the parallelism.
 *
 * @param endings how many requests ended how, over all of the time
 * @param late requests with a result that came after their deadline, over all of the time
 * @param losses times that a card died under a request that has ended
 * @param windows the measured time in equal parts
 * @param parts where the time of requests with a result went, that ended in the measured time
 * @param usage of each dispatcher, in order
 * @param playedSeconds measured: from when the first dispatcher was made until the last was done
 */
public record DispatchTotals(
    Map<Ending, Long> endings,
    long late,
    long losses,
    List<Window> windows,
    Map<Part, Histogram> parts,
    List<Usage> usage,
    double playedSeconds) {
  /** Of a request's latency. */
  public enum Part {
    TOTAL,
    HOST,
    TRANSFER,
    QUEUE,
    DEVICE
  }

  /**
   * A part of the measured time.
   *
   * @param results that ended in it
   * @param latencyNs of these, summed
   */
  public record Window(long results, long latencyNs) {
    /** 0 if there are no results. */
    public double meanNs() {
      return results == 0 ? 0 : (double) latencyNs / results;
    }
  }

  public DispatchTotals {
    endings = Map.copyOf(endings);
    windows = List.copyOf(windows);
    parts = Map.copyOf(parts);
    usage = List.copyOf(usage);
  }

  /** Reads the totals from the accumulators of a job that ended. */
  @SuppressWarnings("unchecked") // the lists are what the two operators put there
  public static DispatchTotals of(Map<String, ?> accumulators, MeasuredWindows windows) {
    List<Usage> usage =
        ((List<Usage>) accumulators.get(DispatchOperator.USAGE))
            .stream().sorted(Comparator.comparingInt(Usage::dispatcher)).toList();
    OutcomeCounts all = new OutcomeCounts(windows);
    ((List<OutcomeCounts.Snapshot>) accumulators.get(OutcomeStatistics.COUNTS)).forEach(all::add);
    long nanos =
        (Long) accumulators.get(DispatchOperator.ENDED_NS)
            - (Long) accumulators.get(DispatchOperator.BEGUN_NS);
    Map<Ending, Long> endings = new EnumMap<>(Ending.class);
    for (Ending ending : Ending.values()) {
      endings.put(ending, all.ended(ending));
    }
    return new DispatchTotals(
        endings, all.late(), all.losses(), all.windows(), all.parts(), usage, nanos / 1e9);
  }

  public long ended() {
    return endings.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Results in the measured time. */
  public long measured() {
    return windows.stream().mapToLong(Window::results).sum();
  }

  /**
   * A quantile of a part of the latency in milliseconds, within 0.1%; 0 without results.
   *
   * @param percent 0 to 100
   */
  public double ms(Part part, double percent) {
    return parts.get(part).getValueAtPercentile(percent) / 1e6;
  }
}
