package io.sluice.flink.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.xrm.LeaseUpdate;
import java.util.function.Supplier;
import org.apache.flink.metrics.MetricGroup;

/**
 * What a resource manager measures since it started: {@code grants}, the updates that carry a
 * lease; {@code losses}, those that say that running work is lost; {@code held}, the slots that
 * hold a unit now, and {@code waiting}, those that hold none.
 */
public final class LeaseMeters implements AutoCloseable {
  private final MeterRegistry registry;
  private final Counter grants;
  private final Counter losses;

  /**
   * @param held the number of slots that hold a unit
   * @param waiting the number of those that hold none
   */
  public LeaseMeters(MetricGroup group, Supplier<Number> held, Supplier<Number> waiting) {
    registry = FlinkMeterRegistry.on(group);
    grants = registry.counter("grants");
    losses = registry.counter("losses");
    Gauge.builder("held", held).strongReference(true).register(registry);
    Gauge.builder("waiting", waiting).strongReference(true).register(registry);
  }

  /** The manager said this. */
  public void said(LeaseUpdate update) {
    if (update.lease().isPresent()) {
      grants.increment();
    }
    if (update.workLost()) {
      losses.increment();
    }
  }

  @Override
  public void close() {
    registry.close();
  }
}
