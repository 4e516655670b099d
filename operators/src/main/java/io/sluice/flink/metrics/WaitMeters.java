package io.sluice.flink.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.functions.RuntimeContext;

/**
 * How long the packets of a stage waited for it: {@code wait}, and when the subtask ends in the
 * job's accumulators too.
 */
public final class WaitMeters implements AutoCloseable {
  private final MeterRegistry registry;
  private final Timer wait;
  private final LongCounter waitNs = new LongCounter();
  private final LongCounter waits = new LongCounter();

  private WaitMeters(MeterRegistry registry) {
    this.registry = registry;
    this.wait = registry.timer("wait");
  }

  /** The meters of a stage in the subtask that the context is of. */
  public static WaitMeters of(String stage, RuntimeContext context) {
    WaitMeters meters =
        new WaitMeters(FlinkMeterRegistry.on(context.getMetricGroup().addGroup("wait", stage)));
    context.addAccumulator(name(stage, "waitNs"), meters.waitNs);
    context.addAccumulator(name(stage, "waits"), meters.waits);
    return meters;
  }

  /** A packet waited for so long; less than nothing, by a clock that was set, is nothing. */
  public void waited(long ns) {
    wait.record(Math.max(0, ns), TimeUnit.NANOSECONDS);
  }

  /** Mean wait of a stage in milliseconds, from the accumulators of a job that ended. */
  public static double meanMs(String stage, Map<String, ?> accumulators) {
    long count = accumulators.get(name(stage, "waits")) instanceof Long value ? value : 0;
    long ns = accumulators.get(name(stage, "waitNs")) instanceof Long value ? value : 0;
    return count == 0 ? 0 : ns / 1e6 / count;
  }

  private static String name(String stage, String what) {
    return "stage." + stage + "." + what;
  }

  @Override
  public void close() {
    waitNs.add((long) wait.totalTime(TimeUnit.NANOSECONDS));
    waits.add(wait.count());
    registry.close();
  }
}
