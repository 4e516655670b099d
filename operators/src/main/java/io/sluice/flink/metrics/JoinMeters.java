package io.sluice.flink.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;
import org.apache.flink.metrics.MetricGroup;

/**
 * What a join measures in one subtask: {@code jobs} that wait now, {@code bytes} of their tensors,
 * and {@code expired}, how many waited too long.
 */
public final class JoinMeters implements AutoCloseable {
  private final MeterRegistry registry;
  private final Counter expired;

  public JoinMeters(MetricGroup group, Supplier<Number> jobs, Supplier<Number> bytes) {
    registry = FlinkMeterRegistry.on(group);
    expired = registry.counter("expired");
    Gauge.builder("jobs", jobs).strongReference(true).register(registry);
    Gauge.builder("bytes", bytes).strongReference(true).register(registry);
  }

  /** A job waited too long. */
  public void expired() {
    expired.increment();
  }

  @Override
  public void close() {
    registry.close();
  }
}
