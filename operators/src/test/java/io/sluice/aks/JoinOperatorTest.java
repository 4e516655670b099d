package io.sluice.aks;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.aks.NodeOptions.JoinBounds;
import io.sluice.flink.Failure;
import io.sluice.flink.Origin;
import io.sluice.flink.Packet;
import io.sluice.flink.PacketSerializer;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

/** What a join before a node with two parents does with what comes, and with what does not. */
class JoinOperatorTest {
  private static final JoinBounds BOUNDS = new JoinBounds(100, 2, 1000);
  private static final long MS = 1_000_000;

  private static Packet from(String node, int job) {
    Packet empty = Packet.of(new Origin("in", 0, job, "job-" + job, "g", 0, Map.of()));
    return JobPackets.next(empty, node, List.of(TestKernels.ints(job)), RankedParams.of(Map.of()));
  }

  private static Packet failed(String node, int job) {
    return from(node, job).failed(new Failure(node, "SLUICE_STAGE_FAILED", "t", "p", "r"));
  }

  private static KeyedOneInputStreamOperatorTestHarness<String, Packet, Packet> open(
      boolean isVirtual) throws Exception {
    JoinKind kind = JoinKind.meet(2);
    var harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new JoinOperator("d", kind, BOUNDS, isVirtual, Map.of("a", 0, "b", 1)),
            kind::key,
            Types.STRING);
    harness.setup(PacketSerializer.INSTANCE);
    harness.open();
    return harness;
  }

  private static List<Packet> out(
      KeyedOneInputStreamOperatorTestHarness<String, Packet, Packet> harness) {
    return harness.extractOutputValues();
  }

  @Test
  void whatBelongsTogetherGoesOnAsOneWithTheTimeOfTheLatest() throws Exception {
    try (var harness = open(true)) {
      harness.processElement(from("b", 1), 7);
      harness.processElement(from("a", 2), 8);
      assertThat(out(harness)).isEmpty();
      harness.processElement(from("a", 1), 3);
      assertThat(harness.getOutput()).hasSize(1);
      @SuppressWarnings("unchecked")
      StreamRecord<Packet> record = (StreamRecord<Packet>) harness.getOutput().peek();
      assertThat(record.getTimestamp()).isEqualTo(7);
      assertThat(record.getValue().tensors()).containsKeys("out/a/0", "out/b/0");
    }
  }

  @Test
  void theFirstNodeThatFailedGivesTheReasonWhicheverCameFirst() throws Exception {
    for (boolean aFirst : new boolean[] {true, false}) {
      try (var harness = open(true)) {
        harness.processElement(failed(aFirst ? "a" : "b", 1), 1);
        harness.processElement(failed(aFirst ? "b" : "a", 1), 2);
        assertThat(out(harness)).hasSize(1);
        assertThat(out(harness).get(0).failure().orElseThrow().stage()).isEqualTo("a");
      }
    }
  }

  @Test
  void aSiblingOfAFailureIsDroppedAndItsRoomIsFree() throws Exception {
    try (var harness = open(true)) {
      harness.processElement(from("a", 1), 1);
      harness.processElement(failed("b", 1), 1);
      assertThat(out(harness)).hasSize(1).allMatch(Packet::failed);
      assertThat(harness.numKeyedStateEntries()).isZero();
      assertThat(harness.numEventTimeTimers()).isZero();
    }
  }

  @Test
  void whatDoesNotComeInTimeIsOneDeadLetterAndWhatComesLaterIsDropped() throws Exception {
    try (var harness = open(true)) {
      harness.processElement(from("a", 1), 5);
      harness.processWatermark(5 + 100 * MS);
      assertThat(out(harness)).hasSize(1);
      assertThat(out(harness).get(0).failure().orElseThrow().code()).isEqualTo("SLUICE_TIMEOUT");
      harness.processElement(from("b", 1), 6 + 100 * MS);
      assertThat(out(harness)).hasSize(1);
      assertThat(harness.numKeyedStateEntries()).isZero();
    }
  }

  @Test
  void inPacedTimeTheMachinesClockCounts() throws Exception {
    try (var harness = open(false)) {
      harness.setProcessingTime(1000);
      harness.processElement(new StreamRecord<>(from("a", 1)));
      harness.setProcessingTime(1099);
      assertThat(out(harness)).isEmpty();
      harness.setProcessingTime(1100);
      assertThat(out(harness)).hasSize(1);
    }
  }

  @Test
  void aJobTooManyEndsAsADeadLetterAndTheOthersGoOn() throws Exception {
    try (var harness = open(true)) {
      harness.processElement(from("a", 1), 1);
      harness.processElement(from("a", 2), 1);
      harness.processElement(from("a", 3), 1);
      harness.processElement(from("b", 3), 1);
      assertThat(out(harness)).hasSize(1);
      assertThat(out(harness).get(0).failure().orElseThrow().code()).isEqualTo("SLUICE_LIMIT");
      harness.processElement(from("b", 1), 1);
      harness.processElement(from("b", 2), 1);
      assertThat(out(harness)).hasSize(3);
      assertThat(out(harness).subList(1, 3)).noneMatch(Packet::failed);
    }
  }

  @Test
  void whatWaitsSurvivesARestart() throws Exception {
    var before = open(true);
    before.processElement(from("a", 1), 1);
    var snapshot = before.snapshot(1, 1);
    before.close();
    JoinKind kind = JoinKind.meet(2);
    try (var after =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new JoinOperator("d", kind, BOUNDS, true, Map.of()), kind::key, Types.STRING)) {
      after.setup(PacketSerializer.INSTANCE);
      after.initializeState(snapshot);
      after.open();
      after.processElement(from("b", 1), 2);
      assertThat(after.extractOutputValues()).hasSize(1).noneMatch(Packet::failed);
    }
  }
}
