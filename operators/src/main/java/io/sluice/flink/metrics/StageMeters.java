package io.sluice.flink.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.functions.RuntimeContext;

/**
 * What a stage measures in one subtask: {@code busy}, the time its kernel ran and how often, {@code
 * peakPerSecond}, how often it could run, no number before it ran, and {@code failed}, how many
 * packets it refused. When the subtask ends the totals go into the job's accumulators too, which
 * outlive the job: see {@link StageTimes}.
 */
public final class StageMeters implements AutoCloseable {
  private final MeterRegistry registry;
  private final Timer busy;
  private final Counter failed;
  private final LongCounter busyNs = new LongCounter();
  private final LongCounter packets = new LongCounter();
  private final LongCounter failures = new LongCounter();

  private StageMeters(MeterRegistry registry) {
    this.registry = registry;
    this.busy = registry.timer("busy");
    this.failed = registry.counter("failed");
    registry.gauge(
        "peakPerSecond", busy, timer -> timer.count() / timer.totalTime(TimeUnit.SECONDS));
  }

  /** The meters of a stage in the subtask that the context is of. */
  public static StageMeters of(String stage, RuntimeContext context) {
    StageMeters meters =
        new StageMeters(FlinkMeterRegistry.on(context.getMetricGroup().addGroup("stage", stage)));
    context.addAccumulator(StageTimes.busyNsOf(stage), meters.busyNs);
    context.addAccumulator(StageTimes.packetsOf(stage), meters.packets);
    context.addAccumulator(StageTimes.failuresOf(stage), meters.failures);
    return meters;
  }

  /** The kernel ran for this long. */
  public void done(long busyNs) {
    busy.record(busyNs, TimeUnit.NANOSECONDS);
  }

  /** The packet was refused. */
  public void failed() {
    failed.increment();
  }

  @Override
  public void close() {
    busyNs.add((long) busy.totalTime(TimeUnit.NANOSECONDS));
    packets.add(busy.count());
    failures.add((long) failed.count());
    registry.close();
  }
}
