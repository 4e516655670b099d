package io.sluice.flink.dpu;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How many virtual requests a second the schedule of one slot plays on one core, without tensors
 * and without Flink. Expected: a request costs two entries of the agenda and one of a queue, each
 * the logarithm of what is in it, so about a microsecond; less where a batch shares the entry of
 * its finish, more with a second sorted order for deadlines.
 */
final class ScheduleSpeed {
  private static final int REQUESTS = 1_000_000;
  private static final int ROUNDS = 3;

  private ScheduleSpeed() {}

  public static void main(String[] args) {
    DpuSettings plain = DpuModels.settings(Duration.ofSeconds(1));
    LevelSettings late =
        new LevelSettings(Integer.MAX_VALUE, Duration.ofHours(1), LevelSettings.Action.DEFER);
    measure("one by one, load 0.9", DpuModels.ZCU102_TARGET, plain);
    measure("batches of up to 14, load 0.9", DpuModels.V70_TARGET, plain);
    measure(
        "batches put off for up to 1 ms",
        DpuModels.V70_TARGET,
        plain.with(BatchingSettings.delayed(Duration.ofMillis(1))));
    measure("each with a timeout", DpuModels.ZCU102_TARGET, plain.with(QueueSettings.of(late)));
    measure("answers in order", DpuModels.ZCU102_TARGET, plain.withOrdered(true));
  }

  private static void measure(String what, String target, DpuSettings settings) {
    DpuNode node =
        new DpuNode("net", "in", "out", Map.of(4, DpuModels.model("fixed", target, 1e5)), 1);
    DpuModel model = node.modelsByWidth().get(4);
    var lease =
        target.equals(DpuModels.V70_TARGET)
            ? DpuScheduleTest.v70()
            : DpuScheduleTest.lease(1, 1).orElseThrow();
    double rate = 0.9 * model.batch() / new ServiceTimes().ns(model, lease, model.batch());
    for (int round : List.of(1, ROUNDS)) {
      PoissonLoad.Seen seen = new PoissonLoad(REQUESTS, rate, round).play(node, settings, lease);
      if (round == ROUNDS) {
        System.out.printf(
            Locale.ROOT,
            "%-32s %5.2f M virtual requests per second of CPU time measured, mean batch %.1f%n",
            what,
            REQUESTS * 1e3 / seen.cpuNs(),
            seen.meanBatch());
      }
    }
  }
}
