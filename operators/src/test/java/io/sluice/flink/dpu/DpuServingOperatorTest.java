package io.sluice.flink.dpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.flink.Clock;
import io.sluice.flink.Failure;
import io.sluice.flink.Origin;
import io.sluice.flink.Packet;
import io.sluice.flink.dpu.LevelSettings.Action;
import io.sluice.flink.metrics.StageTimes;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.junit.jupiter.api.Test;

/** Priorities, deadlines, bounds and cancellation as a stream sees them. */
class DpuServingOperatorTest {
  private static final DpuSettings SETTINGS =
      DpuSettings.of(Clock.VIRTUAL, Work.EXACT).withBounds(Subtask.WAIT, 1 << 20);

  private static Packet packet(String id, int part, float value, Map<String, String> attributes) {
    Origin origin = new Origin("requests", 0, id.hashCode(), id, "test", 0, attributes);
    Packet packet =
        Packet.of(origin).with("in", TensorData.ofFloats(Shape.of(1, 1, 4, 1), value, 0, 0, 0));
    return part < 0 ? packet : packet.asPart(part, 4);
  }

  /** A packet, or part of one, of the slot of the request "a". */
  private static Packet neighbour(String prefix, int part, float value) {
    int slot = Subtask.NODE.slotOf(packet("a", Packet.WHOLE, 1, Map.of()));
    for (int i = 0; ; i++) {
      Packet packet = packet(prefix + i, part, value, Map.of());
      if (Subtask.NODE.slotOf(packet) == slot) {
        return packet;
      }
    }
  }

  private static List<String> outcomes(List<Packet> packets) {
    return packets.stream()
        .map(
            p ->
                p.origin().requestId().substring(0, 1)
                    + p.failure().map(f -> " " + f.code()).orElse(""))
        .toList();
  }

  @Test
  void aRequestNamesItsPriorityAndDeadlineInItsAttributes() throws Exception {
    DpuSettings settings =
        SETTINGS.with(QueueSettings.of(LevelSettings.STANDARD, LevelSettings.STANDARD));
    try (Subtask subtask = new Subtask(settings, 1, 0)) {
      subtask.grantAll();
      subtask.packet(neighbour("runs", Packet.WHOLE, 1), 0);
      subtask.packet(neighbour("low", Packet.WHOLE, 1), 1);
      subtask.packet(packet("a", Packet.WHOLE, 1, Map.of(Admission.PRIORITY, "1")), 2);
      subtask.packet(packet("a", Packet.WHOLE, 1, Map.of(Admission.DEADLINE, "0.1")), 3);
      subtask.watermark(Long.MAX_VALUE);

      assertThat(outcomes(subtask.packets())).containsExactly("a SLUICE_TIMEOUT", "r", "a", "l");
      assertThat(subtask.results().get(0).getTimestamp()).isEqualTo(3 + 100_000);
    }
  }

  @Test
  void aPriorityOrDeadlineThatMakesNoSenseFailsItsRequest() throws Exception {
    DpuSettings settings =
        SETTINGS.with(QueueSettings.of(LevelSettings.STANDARD, LevelSettings.STANDARD));
    try (Subtask subtask = new Subtask(settings, 1, 0)) {
      for (String priority : List.of("0", "3", "high", "")) {
        subtask.packet(packet("a", -1, 1, Map.of(Admission.PRIORITY, priority)), 0);
      }
      for (String deadline : List.of("0", "-1", "soon", "1e99", "NaN")) {
        subtask.packet(packet("a", -1, 1, Map.of(Admission.DEADLINE, deadline)), 0);
      }
      assertThat(outcomes(subtask.packets()))
          .hasSize(9)
          .allMatch(outcome -> outcome.equals("a SLUICE_REQUEST_INVALID"));
    }
  }

  @Test
  void anExponentOfADeadlineTakesNoTimeAndNoMemory() throws Exception {
    try (Subtask subtask = new Subtask(SETTINGS, 1, 0)) {
      subtask.packet(packet("a", -1, 1, Map.of(Admission.DEADLINE, "1e999999999")), 0);
      subtask.packet(packet("a", -1, 1, Map.of(Admission.DEADLINE, "1e-999999999")), 0);

      assertThat(outcomes(subtask.packets())).hasSize(2).allMatch(o -> o.endsWith("INVALID"));
    }
  }

  @Test
  void inVirtualTimeWhatASlotCannotHoldBecomesADeadLetter() throws Exception {
    DpuSettings settings = SETTINGS.with(QueueSettings.STANDARD.withMaxBytes(40));
    try (Subtask subtask = new Subtask(settings, 1, 0)) {
      subtask.grantAll();
      for (int i = 0; i < 4; i++) {
        subtask.packet(neighbour("r" + i + "-", Packet.WHOLE, i), i);
      }
      subtask.watermark(Long.MAX_VALUE);

      assertThat(outcomes(subtask.packets()))
          .containsExactly("r SLUICE_LIMIT", "r SLUICE_LIMIT", "r", "r");
    }
  }

  @Test
  void inPacedTimeABatchThatWaitsForCompanyHoldsTheSourceAndIsNotRefused() throws Exception {
    DpuSettings settings =
        DpuSettings.of(Clock.PACED, Work.EXACT)
            .withBounds(Subtask.WAIT, 40)
            .with(new BatchingSettings(8, List.of(), Duration.ofMillis(2)));
    try (Subtask subtask = new Subtask(settings, 1, 0)) {
      subtask.grantAll();
      for (int i = 0; i < 30; i++) {
        subtask.packet(Subtask.packet("r" + i, i), 0);
      }
      subtask.end();
      assertThat(subtask.packets()).hasSize(30).noneMatch(Packet::failed);
    }
  }

  @Test
  void aFailedPartThatPassesCancelsItsSiblingsInTheSameSlot() throws Exception {
    Packet sibling = neighbour("job", 0, 1);
    Packet failed =
        packet(sibling.origin().requestId(), 0, 1, Map.of())
            .failed(new Failure("before", "C", "no", "there", "none"));
    for (Clock clock : Clock.values()) {
      DpuSettings settings =
          DpuSettings.of(clock, Work.EXACT)
              .withBounds(Duration.ofMinutes(1), 1 << 20)
              .withCancelSiblings(true);
      try (Subtask subtask = new Subtask(settings, 1, 0)) {
        subtask.packet(sibling, 0);
        subtask.packet(failed, 5);
        subtask.watermark(10);

        assertThat(subtask.packets())
            .hasSize(2)
            .allMatch(p -> p.failure().get().code().equals("C"));
      }
    }
  }

  @Test
  void theFirstRunOfAModelCountsInNoFigure() throws Exception {
    Subtask subtask = new Subtask(SETTINGS.withWarmUp(true), 1, 0);
    subtask.grantAll();
    subtask.packet(Subtask.packet("a", 3), 0);
    subtask.watermark(Long.MAX_VALUE);
    subtask.close();

    assertThat(StageTimes.of("net", subtask.totals()).packets()).isEqualTo(1);
    assertThat(subtask.packets().get(0).tensor("out").getFloat(0)).isEqualTo(6);
  }

  @Test
  void anyParallelismAndARestartGiveTheSameAnswersAndEachRequestHasOne() throws Exception {
    DpuSettings settings =
        SETTINGS
            .with(new BatchingSettings(3, List.of(2), Duration.ofNanos(200_000)))
            .with(
                QueueSettings.of(
                    LevelSettings.STANDARD,
                    new LevelSettings(2, Duration.ofMillis(5), Action.REJECT),
                    new LevelSettings(8, Duration.ofMillis(1), Action.DEFER)))
            .with(new RetrySettings(1, 1))
            .withCancelSiblings(true);
    List<String> alone = run(settings, 1, 1);

    assertThat(run(settings, 2, 2)).isEqualTo(alone);
    assertThat(run(settings, 4, 4)).isEqualTo(alone);
    assertThat(run(settings, 1, 4)).isEqualTo(alone);
    assertThat(run(settings, 4, 2)).isEqualTo(alone);
    assertThat(alone).hasSize(4 * 300).doesNotHaveDuplicates();
    assertThat(alone).anyMatch(line -> line.endsWith("DEVICE_BUSY"));
    assertThat(alone).anyMatch(line -> line.endsWith("SLUICE_TIMEOUT"));
    assertThat(alone).anyMatch(line -> line.endsWith("SLUICE_STAGE_FAILED"));
    assertThat(alone).anyMatch(line -> line.endsWith("VART_DPU_TIMEOUT_ERROR"));
    assertThat(alone).anyMatch(line -> line.endsWith("ok"));
  }

  /** 300 requests of 4 parts each, and a restart with another parallelism half-way. */
  private static List<String> run(DpuSettings settings, int before, int after) throws Exception {
    List<Subtask> subtasks = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    for (int index = 0; index < before; index++) {
      subtasks.add(new Subtask(settings, before, index));
      subtasks.get(index).grantAll();
    }
    Random random = new Random(3);
    long atNs = 0;
    for (int i = 0; i < 300; i++) {
      atNs += random.nextInt(900_000);
      if (i == 150) {
        List<OperatorSubtaskState> states = new ArrayList<>();
        for (Subtask subtask : subtasks) {
          states.add(subtask.harness.snapshot(1, 1));
          lines.addAll(lines(subtask));
          subtask.close();
        }
        subtasks.clear();
        for (int index = 0; index < after; index++) {
          subtasks.add(new Subtask(settings, after, index, states));
        }
      }
      if (i % 40 == 20) {
        for (Subtask subtask : subtasks) {
          for (int slot = 0; slot < Subtask.NODE.slots(); slot++) {
            subtask.update(slot, 1000 + i, atNs, Subtask.lease(), true, "reset");
            subtask.update(slot, 2000 + i, atNs + 300_000, Subtask.lease(), true, "reset");
          }
        }
      }
      Map<String, String> attributes = new HashMap<>();
      attributes.put(Admission.PRIORITY, Integer.toString(1 + random.nextInt(3)));
      if (random.nextInt(4) == 0) {
        attributes.put(Admission.DEADLINE, "2.5");
      }
      for (int part = 0; part < 4; part++) {
        Packet packet = packet("r" + i, part, random.nextInt(60) == 0 ? -1 : i, attributes);
        subtasks.get(Subtask.NODE.slotOf(packet) % subtasks.size()).packet(packet, atNs);
      }
      for (Subtask subtask : subtasks) {
        subtask.watermark(atNs - 1);
      }
    }
    for (Subtask subtask : subtasks) {
      subtask.watermark(Long.MAX_VALUE);
      lines.addAll(lines(subtask));
      subtask.close();
    }
    return lines.stream().sorted().toList();
  }

  private static List<String> lines(Subtask subtask) {
    List<String> lines = new ArrayList<>();
    for (StreamRecord<Packet> result : subtask.results()) {
      Packet packet = result.getValue();
      lines.add(
          packet.origin().requestId()
              + "/"
              + packet.part()
              + " at "
              + result.getTimestamp()
              + " "
              + packet.failure().map(Failure::code).orElse("ok"));
    }
    return lines;
  }
}
