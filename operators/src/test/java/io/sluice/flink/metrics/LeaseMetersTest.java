package io.sluice.flink.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.xrm.Lease;
import io.sluice.xrm.LeaseUpdate;
import io.sluice.xrm.SlotId;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.metrics.testutils.MetricListener;
import org.junit.jupiter.api.Test;

class LeaseMetersTest {
  private static final Optional<Lease> SOME = Optional.of(new Lease("a/dpu0", "a", "p", 1, 1));

  @Test
  void grantsLossesAndSlotsThatHoldAndWaitShowUpAmongFlinksMetrics() {
    MetricListener listener = new MetricListener();
    AtomicInteger held = new AtomicInteger(2);
    AtomicInteger waiting = new AtomicInteger(1);
    try (LeaseMeters meters = new LeaseMeters(listener.getMetricGroup(), held::get, waiting::get)) {
      meters.said(update(SOME, false));
      meters.said(update(SOME, true));
      meters.said(update(Optional.empty(), true));
      meters.said(update(Optional.empty(), true));
      held.set(5);
      waiting.set(7);

      assertThat(value(listener, "grants")).isEqualTo(2);
      assertThat(value(listener, "losses")).isEqualTo(3);
      assertThat(value(listener, "held")).isEqualTo(5);
      assertThat(value(listener, "waiting")).isEqualTo(7);
    }
  }

  private static double value(MetricListener listener, String name) {
    return listener.<Number>getGauge(name).orElseThrow().getValue().doubleValue();
  }

  private static LeaseUpdate update(Optional<Lease> lease, boolean lost) {
    return new LeaseUpdate(new SlotId("n", 0), 1, 0, 0, lease, lost, "");
  }
}
