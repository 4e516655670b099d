package io.sluice.flink.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.flink.metrics.testutils.MetricListener;
import org.junit.jupiter.api.Test;

class DpuMetersTest {
  @Test
  void batchSizesAndWhatHappensToEachPriorityShowUpAmongFlinksMetrics() {
    MetricListener listener = new MetricListener();
    try (DpuMeters meters = new DpuMeters(FlinkMeterRegistry.on(listener.getMetricGroup()), 2)) {
      meters.finished(1, 10);
      meters.finished(5, 20);
      meters.finished(14, 30);
      meters.served(1, 400);
      meters.served(1, 600);
      meters.rejected(1);
      meters.expired(0);
      meters.retried(1);
      meters.lost(0);
      meters.cancelled(1);

      assertThat(value(listener, "batches")).isEqualTo(3);
      assertThat(value(listener, "requests")).isEqualTo(20);
      assertThat(value(listener, "modelledNs")).isEqualTo(60);
      assertThat(value(listener, "peakPerSecond")).isEqualTo(20 / 60.0 * 1e9);
      assertThat(value(listener, "batchSize.count")).isEqualTo(3);
      assertThat(value(listener, "batchSize.max")).isEqualTo(14);
      assertThat(
              List.of(1, 4, 8, 14).stream()
                  .map(bound -> value(listener, "batchSize.upTo" + bound))
                  .toList())
          .containsExactly(1.0, 1.0, 2.0, 3.0);
      assertThat(value(listener, "priority2.served")).isEqualTo(2);
      assertThat(value(listener, "priority2.queueWaitNs")).isEqualTo(1000);
      assertThat(value(listener, "priority2.rejected")).isEqualTo(1);
      assertThat(value(listener, "priority1.expired")).isEqualTo(1);
      assertThat(value(listener, "priority2.retried")).isEqualTo(1);
      assertThat(value(listener, "priority1.lost")).isEqualTo(1);
      assertThat(value(listener, "priority2.cancelled")).isEqualTo(1);
    }
  }

  private static double value(MetricListener listener, String name) {
    return listener.<Number>getGauge(name.split("\\.")).orElseThrow().getValue().doubleValue();
  }
}
