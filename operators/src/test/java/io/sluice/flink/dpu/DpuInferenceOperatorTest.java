package io.sluice.flink.dpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.flink.Clock;
import io.sluice.flink.Failure;
import io.sluice.flink.FakeRunner;
import io.sluice.flink.Origin;
import io.sluice.flink.Packet;
import io.sluice.flink.PacketSerializer;
import io.sluice.flink.RunnerSource;
import io.sluice.flink.metrics.DpuTotals;
import io.sluice.vart.ModelRef;
import io.sluice.vart.Runner;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import io.sluice.xrm.Lease;
import io.sluice.xrm.LeaseUpdate;
import io.sluice.xrm.SlotId;
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
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.TwoInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class DpuInferenceOperatorTest {
  private static final DpuNode NODE = DpuModels.node(DpuModels.ZCU102_TARGET, 4);
  private static final Duration WAIT = Duration.ofMillis(50);
  private static final long NARROW_NS = 60_000 + Math.round(1e5 / 0.7 / 0.281);

  /** A network that doubles its one number and fails on negative ones. */
  private record Doubling() implements RunnerSource {
    @Override
    public Held acquire(ModelRef model) {
      Tensor tensor = new Tensor("x", DataType.FLOAT32, Shape.of(1));
      Runner runner =
          new FakeRunner(
              tensor,
              tensor,
              in -> {
                if (in.getFloat(0) < 0) {
                  throw new IllegalArgumentException("negative");
                }
                return TensorData.ofFloats(Shape.of(1), 2 * in.getFloat(0));
              });
      return new Held() {
        @Override
        public Runner runner() {
          return runner;
        }

        @Override
        public void close() {}
      };
    }
  }

  @Test
  void inVirtualTimeAResultLeavesBeforeTheWatermarkOfItsFinish() throws Exception {
    try (Subtask subtask = new Subtask(Clock.VIRTUAL, Work.EXACT, 1, 0)) {
      subtask.grantAll();
      subtask.packet(packet("a", 3), 1000);
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
      Packet other = packet("a", 3).without("in");
      Packet failed = packet("b", 3).failed(new Failure("before", "C", "", "", ""));
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
      subtask.packet(packet("bad", -1), 0);
      subtask.packet(
          packet("wide", 1).with("in", TensorData.ofFloats(Shape.of(1, 1, 5, 1), new float[5])), 0);
      subtask.packet(packet("good", 1), 0);
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
        subtask.packet(packet("a", 3), 0);
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
      subtask.packet(packet("a", -1), 0);
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
      subtask.packet(packet("a", 3), 0);
      assertThat(subtask.results()).isEmpty();
      subtask.end();

      assertThat(System.nanoTime() - begunNs).isGreaterThanOrEqualTo(NARROW_NS);
      assertThat(subtask.packets().get(0).tensor("out").getFloat(0)).isEqualTo(6);
    }
  }

  @Test
  void inPacedTimeMoreBytesThanAllowedHoldTheSourceUntilABatchIsDone() throws Exception {
    DpuSettings tight = DpuSettings.of(Clock.PACED, Work.EXACT).withBounds(WAIT, 40);
    try (Subtask subtask = new Subtask(tight, 1, 0)) {
      subtask.grantAll();
      for (int i = 0; i < 20; i++) {
        subtask.packet(packet("r" + i, i), 0);
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
        subtask.packet(packet("r" + i, i), 0);
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
                  subtask.packet(packet("r" + i, i), 0);
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
      Packet packet = packet("r" + i, i);
      long atNs = i * NARROW_NS / 8;
      if (i == 7 && restart) {
        Subtask one = subtasks.remove(0);
        OperatorSubtaskState state = one.harness.snapshot(1, 1);
        results.addAll(one.packets());
        one.close();
        for (int index = 0; index < 2; index++) {
          subtasks.add(new Subtask(clock, 2, index, state));
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
    Packet packet = packet("a", 3);
    subtask.packet(packet, 0);
    subtask.update(NODE.slotOf(packet), 100, lease(), true, "reset");
    subtask.watermark(Long.MAX_VALUE);
    subtask.close();
    Map<String, Object> totals = new HashMap<>();
    subtask
        .harness
        .getEnvironment()
        .getAccumulatorRegistry()
        .getSnapshot()
        .deserializeUserAccumulators(getClass().getClassLoader())
        .forEach((name, total) -> totals.put(name, total.getLocalValue()));

    assertThat(DpuTotals.of("net", totals))
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

  private static Watermark mark(long ns) {
    return new Watermark(ns);
  }

  private static Packet packet(String id, float value) {
    Origin origin = new Origin("requests", 0, 0, id, "test", 0, Map.of());
    return Packet.of(origin).with("in", TensorData.ofFloats(Shape.of(1, 1, 4, 1), value, 0, 0, 0));
  }

  private static Optional<Lease> lease() {
    return Optional.of(new Lease("zcu102-0/dpu0", "zcu102-0", "zcu102", Lease.WHOLE_UNIT, 1));
  }

  /** A subtask in a harness. */
  private static final class Subtask implements AutoCloseable {
    final TwoInputStreamOperatorTestHarness<Packet, LeaseUpdate, Packet> harness;
    private long sequence;

    Subtask(Clock clock, Work work, int parallelism, int index) throws Exception {
      this(DpuSettings.of(clock, work).withBounds(WAIT, 1 << 20), parallelism, index);
    }

    Subtask(DpuSettings settings, int parallelism, int index) throws Exception {
      this.harness = harness(settings, parallelism, index);
      harness.open();
    }

    Subtask(Clock clock, int parallelism, int index, OperatorSubtaskState state) throws Exception {
      this.harness =
          harness(DpuSettings.of(clock, Work.EXACT).withBounds(WAIT, 1 << 20), parallelism, index);
      harness.initializeState(
          AbstractStreamOperatorTestHarness.repartitionOperatorState(
              state, 8, 1, parallelism, index));
      harness.open();
    }

    private static TwoInputStreamOperatorTestHarness<Packet, LeaseUpdate, Packet> harness(
        DpuSettings settings, int parallelism, int index) throws Exception {
      TwoInputStreamOperatorTestHarness<Packet, LeaseUpdate, Packet> harness =
          new TwoInputStreamOperatorTestHarness<>(
              new DpuInferenceOperator(NODE, settings, new Doubling()), 8, parallelism, index);
      harness.getExecutionConfig().setAutoWatermarkInterval(0);
      harness.setup(PacketSerializer.INSTANCE);
      return harness;
    }

    void grantAll() throws Exception {
      for (int slot = 0; slot < NODE.slots(); slot++) {
        tell(slot, 0, lease(), "granted");
      }
      harness.processWatermark2(Watermark.MAX_WATERMARK);
    }

    void tell(int slot, long atNs, Optional<Lease> lease, String reason) throws Exception {
      update(slot, atNs, lease, false, reason);
    }

    void update(int slot, long atNs, Optional<Lease> lease, boolean workLost, String reason)
        throws Exception {
      harness.processElement2(
          new LeaseUpdate(new SlotId("net", slot), 1, sequence++, atNs, lease, workLost, reason),
          atNs);
    }

    void packet(Packet packet, long atNs) throws Exception {
      harness.processElement1(packet, atNs);
    }

    void watermark(long ns) throws Exception {
      harness.processWatermark1(new Watermark(ns));
      harness.processWatermark2(new Watermark(ns));
    }

    void end() throws Exception {
      harness.getOperator().finish();
    }

    @SuppressWarnings("unchecked")
    List<StreamRecord<Packet>> results() {
      return harness.getOutput().stream()
          .filter(StreamRecord.class::isInstance)
          .map(record -> (StreamRecord<Packet>) record)
          .toList();
    }

    List<Packet> packets() {
      return results().stream().map(StreamRecord::getValue).toList();
    }

    @Override
    public void close() throws Exception {
      harness.close();
    }
  }
}
