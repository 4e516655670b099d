package io.sluice.flink.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/**
 * A Micrometer registry whose meters show up as gauges of a Flink metric group, so that Flink's
 * scope (job, operator, subtask) and its reporters apply. A counter {@code x} becomes {@code x}; a
 * timer {@code x} becomes {@code x.count}, {@code x.totalMs} and {@code x.maxMs}.
 */
final class FlinkMeterRegistry {
  private FlinkMeterRegistry() {}

  /** One registry per operator instance, made in {@code open()}. */
  static MeterRegistry on(MetricGroup group) {
    MeterRegistry registry = new SimpleMeterRegistry();
    registry.config().onMeterAdded(meter -> add(meter, group));
    return registry;
  }

  private static void add(Meter meter, MetricGroup group) {
    String name = meter.getId().getName();
    if (meter instanceof Counter counter) {
      group.gauge(name, (Gauge<Double>) counter::count);
    } else if (meter instanceof Timer timer) {
      MetricGroup parts = group.addGroup(name);
      parts.gauge("count", (Gauge<Long>) timer::count);
      parts.gauge("totalMs", (Gauge<Double>) () -> timer.totalTime(TimeUnit.MILLISECONDS));
      parts.gauge("maxMs", (Gauge<Double>) () -> timer.max(TimeUnit.MILLISECONDS));
    }
  }
}
