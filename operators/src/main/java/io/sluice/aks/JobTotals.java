package io.sluice.aks;

import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.accumulators.Histogram;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.accumulators.LongMaximum;
import org.apache.flink.api.common.accumulators.LongMinimum;
import org.apache.flink.api.common.functions.RuntimeContext;

/**
 * What became of all jobs of a graph.
 *
 * @param results jobs that were answered
 * @param deadLetters jobs that failed
 * @param firstNs when the first answered job came, in the job's time; 0 if none was
 * @param lastNs when the last job ended
 * @param latencies how many answered jobs took how long, by the logarithm of the time
 */
public record JobTotals(
    long results,
    long deadLetters,
    long firstNs,
    long lastNs,
    TreeMap<Integer, Integer> latencies) {
  /** A class of times is so much wider than the one before: an error of 0.5% at most. */
  private static final double LOG_WIDTH = Math.log(1.01);

  private static final String RESULTS = "jobs.results";
  private static final String DEAD_LETTERS = "jobs.deadLetters";
  private static final String FIRST = "jobs.firstNs";
  private static final String LAST = "jobs.lastNs";
  private static final String LATENCIES = "jobs.latencies";

  /** Reads the totals from the accumulators of a Flink job that ended. */
  @SuppressWarnings("unchecked") // Histogram's local value is nothing else
  public static JobTotals of(Map<String, ?> accumulators) {
    long results = number(accumulators, RESULTS);
    return new JobTotals(
        results,
        number(accumulators, DEAD_LETTERS),
        results == 0 ? 0 : number(accumulators, FIRST),
        Math.max(0, number(accumulators, LAST)),
        accumulators.get(LATENCIES) instanceof TreeMap<?, ?> map
            ? (TreeMap<Integer, Integer>) map
            : new TreeMap<>());
  }

  private static long number(Map<String, ?> accumulators, String name) {
    return accumulators.get(name) instanceof Long value ? value : 0;
  }

  public long jobs() {
    return results + deadLetters;
  }

  /** Results a second between the first job's arrival and the last job's end. */
  public double resultsPerSecond() {
    return lastNs <= firstNs ? 0 : results * 1e9 / (lastNs - firstNs);
  }

  /**
   * A quantile of the latency of answered jobs in milliseconds, within 0.5%; 0 if there are none.
   *
   * @param q 0 to 1
   */
  public double latencyMs(double q) {
    long rank = Math.max(1, (long) Math.ceil(q * results));
    long seen = 0;
    for (Map.Entry<Integer, Integer> entry : latencies.entrySet()) {
      seen += entry.getValue();
      if (seen >= rank) {
        return Math.expm1(entry.getKey() * LOG_WIDTH) / 1e6;
      }
    }
    return 0;
  }

  /** Counts in one subtask. */
  static final class Counters {
    private final LongCounter results = new LongCounter();
    private final LongCounter deadLetters = new LongCounter();
    private final LongMinimum firstNs = new LongMinimum();
    private final LongMaximum lastNs = new LongMaximum();
    private final Histogram latencies = new Histogram();

    Counters(RuntimeContext context) {
      context.addAccumulator(RESULTS, results);
      context.addAccumulator(DEAD_LETTERS, deadLetters);
      context.addAccumulator(FIRST, firstNs);
      context.addAccumulator(LAST, lastNs);
      context.addAccumulator(LATENCIES, latencies);
    }

    void result(long arrivedNs, long nowNs) {
      results.add(1);
      firstNs.add(arrivedNs);
      lastNs.add(nowNs);
      latencies.add((int) Math.round(Math.log1p(Math.max(0, nowNs - arrivedNs)) / LOG_WIDTH));
    }

    void deadLetter(long nowNs) {
      deadLetters.add(1);
      lastNs.add(nowNs);
    }
  }
}
