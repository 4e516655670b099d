package io.sluice.flink.xrm;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.fleet.FaultEvent;
import io.sluice.fleet.Fleet;
import io.sluice.xrm.Demand;
import io.sluice.xrm.LeaseUpdate;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

// The close() of a harness may be interrupted.
@SuppressWarnings("try")
class ResourceManagerOperatorTest {
  private final Fleet fleet = Scenarios.lossOfACard(50, 100);

  @Test
  void demandsAndFaultsAreAnsweredAtTheirTimes() throws Exception {
    try (var harness = harness()) {
      harness.open();
      join(harness);
      fault(harness, 0);
      fault(harness, 1);

      assertThat(texts(harness))
          .containsExactly(
              "1.0 at 0: n#0 kv260-0/dpu0 1000000",
              "1.1 at 0: n#1 kv260-1/dpu0 1000000",
              "1.2 at 50: n#0 kv260-1/dpu0 500000 lost",
              "1.3 at 50: n#1 kv260-1/dpu0 500000",
              "1.4 at 100: n#0 kv260-1/dpu0 1000000",
              "1.5 at 100: n#1 kv260-0/dpu0 1000000");
      assertThat(harness.getRecordOutput())
          .allSatisfy(r -> assertThat(r.getTimestamp()).isEqualTo(r.getValue().atNs()));
    }
  }

  @Test
  void aRestoredManagerGrantsEverythingAgainBeforeAnythingElse() throws Exception {
    OperatorSubtaskState first;
    try (var harness = harness()) {
      harness.open();
      join(harness);
      fault(harness, 0);
      first = harness.snapshot(1, 0);
      fault(harness, 1);
    }
    OperatorSubtaskState second;
    try (var harness = harness()) {
      harness.initializeState(first);
      harness.open();
      assertThat(texts(harness))
          .containsExactly(
              "2.0 at 50: n#0 kv260-1/dpu0 500000", "2.1 at 50: n#1 kv260-1/dpu0 500000");
      fault(harness, 1);
      assertThat(texts(harness))
          .endsWith("2.2 at 100: n#0 kv260-1/dpu0 1000000", "2.3 at 100: n#1 kv260-0/dpu0 1000000");
      second = harness.snapshot(2, 0);
    }
    try (var harness = harness()) {
      harness.initializeState(second);
      harness.open();
      assertThat(texts(harness))
          .containsExactly(
              "3.0 at 100: n#0 kv260-1/dpu0 1000000", "3.1 at 100: n#1 kv260-0/dpu0 1000000");
    }
  }

  @Test
  void whenTheScenarioIsOverAllIsTakenBackForTheEndAndNoLeaseIsLeftInTheState() throws Exception {
    OperatorSubtaskState left;
    try (var harness = harness()) {
      harness.open();
      join(harness);
      fault(harness, 0);
      harness.processWatermark(Watermark.MAX_WATERMARK);
      assertThat(texts(harness)).endsWith("1.4 at the end: n#0 none", "1.5 at the end: n#1 none");
      left = harness.snapshot(1, 0);
    }
    try (var harness = harness()) {
      harness.initializeState(left);
      harness.open();
      assertThat(texts(harness)).isEmpty();
    }
  }

  private OneInputStreamOperatorTestHarness<ControlRecord, LeaseUpdate> harness() throws Exception {
    var harness =
        new OneInputStreamOperatorTestHarness<>(
            new ResourceManagerOperator(fleet), ControlRecordSerializer.INSTANCE);
    harness.setup(LeaseUpdateSerializer.INSTANCE);
    return harness;
  }

  private void join(OneInputStreamOperatorTestHarness<ControlRecord, LeaseUpdate> harness)
      throws Exception {
    for (Demand demand : Scenarios.demands(fleet)) {
      harness.processElement(new StreamRecord<>(new ControlRecord.Joins(0, demand), 0));
    }
  }

  private void fault(
      OneInputStreamOperatorTestHarness<ControlRecord, LeaseUpdate> harness, int index)
      throws Exception {
    FaultEvent event = fleet.faults().get(index);
    harness.processElement(new StreamRecord<>(new ControlRecord.Fault(event), event.atNs()));
  }

  private static List<String> texts(
      OneInputStreamOperatorTestHarness<ControlRecord, LeaseUpdate> harness) {
    return harness.extractOutputValues().stream().map(Scenarios::text).toList();
  }
}
