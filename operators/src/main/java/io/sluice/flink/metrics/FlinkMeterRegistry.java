package io.sluice.flink.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.flink.metrics.MetricGroup;

/**
 * A Micrometer registry whose meters show up as gauges of a Flink metric group, so that Flink's
 * scope (job, operator, subtask) and its reporters apply. A counter or gauge {@code x} becomes
 * {@code x}; a timer {@code x} becomes {@code x.count}, {@code x.totalMs} and {@code x.maxMs}; a
 * summary {@code x} becomes {@code x.count}, {@code x.mean}, {@code x.max} and, for each bound n of
 * its histogram, {@code x.upTo}n.
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
      gauge(group, name, counter::count);
    } else if (meter instanceof Gauge gauge) {
      gauge(group, name, gauge::value);
    } else if (meter instanceof Timer timer) {
      MetricGroup parts = group.addGroup(name);
      gauge(parts, "count", timer::count);
      gauge(parts, "totalMs", () -> timer.totalTime(TimeUnit.MILLISECONDS));
      gauge(parts, "maxMs", () -> timer.max(TimeUnit.MILLISECONDS));
    } else if (meter instanceof DistributionSummary summary) {
      MetricGroup parts = group.addGroup(name);
      gauge(parts, "count", summary::count);
      gauge(parts, "mean", summary::mean);
      gauge(parts, "max", summary::max);
      CountAtBucket[] buckets = summary.takeSnapshot().histogramCounts();
      for (int i = 0; i < buckets.length; i++) {
        int bucket = i;
        gauge(
            parts,
            "upTo" + Math.round(buckets[i].bucket()),
            () -> summary.takeSnapshot().histogramCounts()[bucket].count());
      }
    }
  }

  private static void gauge(MetricGroup group, String name, Supplier<? extends Number> value) {
    group.gauge(name, (org.apache.flink.metrics.Gauge<Number>) value::get);
  }
}
