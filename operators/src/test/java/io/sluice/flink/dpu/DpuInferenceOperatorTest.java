package io.sluice.flink.dpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.flink.Clock;
import io.sluice.flink.Failure;
import io.sluice.flink.Packet;
import io.sluice.flink.metrics.DpuTotals;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import io.sluice.xrm.LeaseUpdate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.junit.jupiter.api.Test;

class DpuInferenceOperatorTest {
  private static final DpuNode NODE = Subtask.NODE;
  private static final Duration WAIT = Subtask.WAIT;
  private static final long NARROW_NS = 60_000 + Math.round(1e5 / 0.7 / 0.281);

  @Test
  void inVirtualTimeAResultLeavesBeforeTheWatermarkOfItsFinish() throws Exception {
    try (Subtask subtask = new Subtask(Clock.VIRTUAL, Work.EXACT, 1, 0)) {
      subtask.grantAll();
      subtask.packet(Subtask.packet("a", 3), 1000);
      subtask.watermark(1000 + NARROW_NS - 1);
      assertThat(subtask.results()).isEmpty();
      subtask.watermark(1000 + NARROW_NS);

      StreamRecord<Packet> result = subtask.results().get(0);
      assertThat(result.getTimestamp()).isEqualTo(1000 + NARROW_NS);
      assertThat(result.getValue().tensor("out").getFloat(0)).isEqualTo(6);
      assertThat(result.getValue().has("in")).isFalse();
      assertThat(ModelledTime.ns(result.getValue(), "net")).isEqualTo(NARROW_NS);
      List<Object> order = new ArrayList<>(subtask.harness.getOutput());
      assertThat(order.indexOf(result)).isLessThan(order.indexOf(mark(1000 + NARROW_NS)));
    }
  }

  @Test
  void packetsOfNoInterestAndFailedOnesPassAtOnce() throws Exception {
    try (Subtask subtask = new Subtask(Clock.VIRTUAL, Work.EXACT, 1, 0)) {
      Packet other = Subtask.packet("a", 3).without("in");
      Packet failed = Subtask.packet("b", 3).failed(new Failure("before", "C", "", "", ""));
      subtask.packet(other, 5);
      subtask.packet(failed, 6);

      assertThat(subtask.packets()).containsExactly(other, failed);
      assertThat(subtask.results().get(0).getTimestamp()).isEqualTo(5);
    }
  }

  @Test
  void whatTheNetworkRefusesAndAWidthWithoutModelFailTheirPacketsOnly() throws Exception {
    try (Subtask subtask = new Subtask(Clock.VIRTUAL, Work.EXACT, 1, 0)) {
      subtask.grantAll();
      subtask.packet(Subtask.packet("bad", -1), 0);
      subtask.packet(
          Subtask.packet("wide", 1)
              .with("in", TensorData.ofFloats(Shape.of(1, 1, 5, 1), new float[5])),
          0);
      subtask.packet(Subtask.packet("good", 1), 0);
      subtask.watermark(Long.MAX_VALUE);

      Map<String, String> codes = new HashMap<>();
      subtask
          .packets()
          .forEach(
              p -> codes.put(p.origin().requestId(), p.failure().map(Failure::code).orElse("ok")));
      assertThat(codes)
          .isEqualTo(
              Map.of("bad", "SLUICE_STAGE_FAILED", "wide", "VART_SIZE_MISMATCH", "good", "ok"));
    }
  }

  @Test
  void aRequestThatNoUnitComesForBecomesADeadLetterWithTheReason() throws Exception {
    for (Clock clock : Clock.values()) {
      try (Subtask subtask = new Subtask(clock, Work.EXACT, 1, 0)) {
        for (int slot = 0; slot < NODE.slots(); slot++) {
          subtask.tell(slot, 0, Optional.empty(), "card zcu102-0 went offline");
        }
        subtask.packet(Subtask.packet("a", 3), 0);
        if (clock == Clock.VIRTUAL) {
          subtask.watermark(Long.MAX_VALUE);
        } else {
          subtask.end();
        }
        Failure failure = subtask.packets().get(0).failure().orElseThrow();
        assertThat(failure.code()).isEqualTo("VART_DPU_ALLOC_ERROR");
        assertThat(failure.thing()).contains("50 ms", "card zcu102-0 went offline");
      }
    }
  }

  @Test
  void timingWorkTakesTheTimeAndLeavesTheTensorsOut() throws Exception {
    try (Subtask subtask = new Subtask(Clock.VIRTUAL, Work.TIMING, 1, 0)) {
      subtask.grantAll();
      subtask.packet(Subtask.packet("a", -1), 0);
      subtask.watermark(Long.MAX_VALUE);

      assertThat(subtask.results().get(0).getTimestamp()).isEqualTo(NARROW_NS);
      assertThat(subtask.packets().get(0).failed()).isFalse();
      assertThat(subtask.packets().get(0).tensors()).isEmpty();
    }
  }

  @Test
  void inPacedTimeAResultIsHeldUntilItsModelledFinish() throws Exception {
    try (Subtask subtask = new Subtask(Clock.PACED, Work.EXACT, 1, 0)) {
      subtask.grantAll();
      long begunNs = System.nanoTime();
      subtask.packet(Subtask.packet("a", 3), 0);
      assertThat(subtask.results()).isEmpty();
      subtask.end();

      assertThat(System.nanoTime() - begunNs).isGreaterThanOrEqualTo(NARROW_NS);
      assertThat(subtask.packets().get(0).tensor("out").getFloat(0)).isEqualTo(6);
    }
  }

  @Test
  void whatIsTakenBackForTheEndIsHeldUntilTheLastRequestIsAnswered() throws Exception {
    for (Clock clock : Clock.values()) {
      try (Subtask subtask = new Subtask(clock, Work.EXACT, 1, 0)) {
        for (int slot = 0; slot < Subtask.NODE.slots(); slot++) {
          subtask.tell(slot, 0, Subtask.lease(), "granted");
          subtask.tell(slot, LeaseUpdate.AT_END, Optional.empty(), "the job has ended");
        }
        subtask.harness.processWatermark2(Watermark.MAX_WATERMARK);
        subtask.packet(Subtask.packet("a", 1), 0);
        subtask.harness.processWatermark1(new Watermark(1));
        assertThat(subtask.leases()).isPositive();
        subtask.packet(Subtask.packet("b", 2), 2);
        subtask.harness.processWatermark1(Watermark.MAX_WATERMARK);
        subtask.end();

        assertThat(subtask.packets()).hasSize(2).noneMatch(Packet::failed);
        assertThat(subtask.leases()).isZero();
      }
    }
  }

  @Test
  void inPacedTimeMoreBytesThanAllowedHoldTheSourceUntilABatchIsDone() throws Exception {
    DpuSettings tight = DpuSettings.of(Clock.PACED, Work.EXACT).withBounds(WAIT, 40);
    try (Subtask subtask = new Subtask(tight, 1, 0)) {
      subtask.grantAll();
      for (int i = 0; i < 20; i++) {
        subtask.packet(Subtask.packet("r" + i, i), 0);
        assertThat(subtask.packets()).hasSizeGreaterThanOrEqualTo(i + 1 - 2);
      }
      subtask.end();
      assertThat(subtask.packets()).hasSize(20);
    }
  }

  @Test
  void inPacedTimeRequestsBeyondAllMeasureAreRefusedWhileThereIsNoUnit() throws Exception {
    DpuSettings tight = DpuSettings.of(Clock.PACED, Work.EXACT).withBounds(WAIT, 40);
    try (Subtask subtask = new Subtask(tight, 1, 0)) {
      for (int i = 0; i < 20; i++) {
        subtask.packet(Subtask.packet("r" + i, i), 0);
      }
      long refused = subtask.packets().size();
      assertThat(refused).isBetween(1L, 15L);
      subtask.end();
      assertThat(subtask.packets()).hasSize(20).allMatch(Packet::failed);
    }
  }

  @Test
  void inVirtualTimeMoreBytesAheadOfTheWatermarkThanAllowedFailTheJob() throws Exception {
    DpuSettings tight = DpuSettings.of(Clock.VIRTUAL, Work.EXACT).withBounds(WAIT, 40);
    try (Subtask subtask = new Subtask(tight, 1, 0)) {
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 20; i++) {
                  subtask.packet(Subtask.packet("r" + i, i), 0);
                }
              })
          .hasMessageContaining("SLUICE_LIMIT");
    }
  }

  @Test
  void aRestartWithAnotherParallelismGoesOnToTheSameResults() throws Exception {
    for (Clock clock : Clock.values()) {
      List<Packet> whole = run(clock, false);
      List<Packet> restarted = run(clock, true);

      assertThat(restarted).isEqualTo(whole).hasSize(12);
    }
  }

  /** 12 requests; half-way, when asked for, one subtask becomes two that start from its state. */
  private static List<Packet> run(Clock clock, boolean restart) throws Exception {
    List<Subtask> subtasks = new ArrayList<>(List.of(new Subtask(clock, Work.EXACT, 1, 0)));
    List<Packet> results = new ArrayList<>();
    subtasks.get(0).grantAll();
    for (int i = 0; i < 12; i++) {
      Packet packet = Subtask.packet("r" + i, i);
      long atNs = i * NARROW_NS / 8;
      if (i == 7 && restart) {
        Subtask one = subtasks.remove(0);
        OperatorSubtaskState state = one.harness.snapshot(1, 1);
        results.addAll(one.packets());
        one.close();
        for (int index = 0; index < 2; index++) {
          subtasks.add(new Subtask(settings(clock), 2, index, List.of(state)));
        }
      }
      subtasks.get(NODE.slotOf(packet) % subtasks.size()).packet(packet, atNs);
      for (Subtask subtask : subtasks) {
        subtask.watermark(atNs - 1);
      }
    }
    for (Subtask subtask : subtasks) {
      subtask.watermark(Long.MAX_VALUE);
      subtask.end();
      results.addAll(subtask.packets());
      subtask.close();
    }
    results.sort(Comparator.comparing(p -> p.origin().requestId()));
    return results;
  }

  @Test
  void whatItDidIsCounted() throws Exception {
    Subtask subtask = new Subtask(Clock.VIRTUAL, Work.EXACT, 1, 0);
    subtask.grantAll();
    Packet packet = Subtask.packet("a", 3);
    subtask.packet(packet, 0);
    subtask.update(NODE.slotOf(packet), 100, Subtask.lease(), true, "reset");
    subtask.watermark(Long.MAX_VALUE);
    subtask.close();
    assertThat(DpuTotals.of("net", subtask.totals()))
        .isEqualTo(
            new DpuTotals(
                "net",
                1,
                1,
                NARROW_NS,
                1,
                new TreeMap<>(Map.of(1, 1L)),
                List.of(new DpuTotals.Priority(1, 100, 0, 0, 0, 0, 1))));
  }

  private static DpuSettings settings(Clock clock) {
    return DpuSettings.of(clock, Work.EXACT).withBounds(WAIT, 1 << 20);
  }

  private static Watermark mark(long ns) {
    return new Watermark(ns);
  }
}
