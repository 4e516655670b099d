package io.sluice.flink.dpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.flink.Packet;
import io.sluice.flink.dpu.LevelSettings.Action;
import io.sluice.xrm.LeaseUpdate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A unit does not stop what runs, so a more urgent request waits for what runs, and for nothing
 * else: against a run without the flood no request loses more than one service time.
 */
@Tag("slow")
class PriorityFloodTest {
  private static final int URGENT = 100_000;
  private static final long SEED = 7;
  private static final double URGENT_LOAD = 0.5;
  private static final double FLOOD_LOAD = 1;

  private static final DpuNode NODE = DpuModels.node(DpuModels.ZCU102_TARGET, 1);
  private static final long SERVICE_NS =
      new ServiceTimes()
          .ns(NODE.modelsByWidth().get(4), DpuScheduleTest.lease(1, 1).orElseThrow(), 1);

  @Test
  void aFloodOfLowPriorityDelaysNoUrgentRequestByMoreThanOneServiceTime() {
    DpuSettings settings =
        DpuModels.settings(Duration.ofSeconds(1))
            .with(
                QueueSettings.of(
                    LevelSettings.STANDARD,
                    new LevelSettings(1000, LevelSettings.NO_TIMEOUT, Action.REJECT)));

    check("priority", settings, Request.NEVER_DUE);
  }

  @Test
  void aFloodWithoutDeadlinesDelaysNoRequestWithOneByMoreThanOneServiceTime() {
    check("deadline", DpuModels.settings(Duration.ofSeconds(1)), 1000 * SERVICE_NS);
  }

  /**
   * @param withinNs the deadline of an urgent request after it comes, or never
   */
  private static void check(String what, DpuSettings settings, long withinNs) {
    long[] alone = play(settings, withinNs, false);
    long[] flooded = play(settings, withinNs, true);
    long worst = 0;
    for (int i = 0; i < URGENT; i++) {
      worst = Math.max(worst, flooded[i] - alone[i]);
    }
    System.out.printf(
        Locale.ROOT,
        "%s: of %d urgent requests the flood delays the worst by %d ns, a service takes %d ns%n",
        what,
        URGENT,
        worst,
        SERVICE_NS);

    assertThat(worst).isPositive().isLessThanOrEqualTo(SERVICE_NS);
  }

  /** When each urgent request was answered. */
  private static long[] play(DpuSettings settings, long withinNs, boolean flood) {
    long[] urgentNs = new PoissonLoad(URGENT, URGENT_LOAD / SERVICE_NS, SEED).arrivalsNs();
    int others = flood ? (int) (URGENT * FLOOD_LOAD / URGENT_LOAD) : 0;
    long[] floodNs = new PoissonLoad(others, FLOOD_LOAD / SERVICE_NS, SEED + 1).arrivalsNs();
    Finishes finishes = new Finishes();
    DpuSchedule schedule = new DpuSchedule(NODE, settings, finishes);
    schedule.tell(
        new LeaseUpdate(
            DpuScheduleTest.slot(0), 1, 0, 0, DpuScheduleTest.lease(1, 1), false, "granted"),
        0);
    Packet urgent = DpuScheduleTest.request("urgent", 4, 0).packet();
    Packet low = DpuScheduleTest.request("low", 4, 0).packet();
    int lowest = settings.queues().levels().size() - 1;
    int next = 0;
    for (int i = 0; i < URGENT; i++) {
      while (next < others && floodNs[next] <= urgentNs[i]) {
        schedule.arrive(0, new Request(low, 4, floodNs[next++], lowest, Request.NEVER_DUE));
      }
      long dueNs = withinNs == Request.NEVER_DUE ? Request.NEVER_DUE : urgentNs[i] + withinNs;
      schedule.arrive(0, new Request(urgent, 4, urgentNs[i], 0, dueNs));
      schedule.drain(urgentNs[i] - 1);
    }
    schedule.drain(Long.MAX_VALUE);
    return finishes.urgentNs.stream().mapToLong(Long::longValue).toArray();
  }

  /** Urgent requests are served in the order in which they come. */
  private static final class Finishes extends QuietDevice {
    private final List<Long> urgentNs = new ArrayList<>();

    @Override
    public void answered(Answer answer) {
      if (answer.packet().origin().requestId().equals("urgent")) {
        assertThat(answer.packet().failed()).isFalse();
        urgentNs.add(answer.atNs());
      }
    }
  }
}
