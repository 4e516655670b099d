package io.sluice.flink.xrm;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.fleet.Fleet;
import io.sluice.flink.Clock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.core.io.SimpleVersionedSerialization;
import org.junit.jupiter.api.Test;

class ScenarioReaderTest {
  private static final long HOUR_MS = 3_600_000;
  private static final long HOUR_NS = HOUR_MS * 1_000_000;

  /** Two demands, then faults after one hour and after two. */
  private final Fleet fleet = Scenarios.lossOfACard(HOUR_MS, 2 * HOUR_MS);

  private final Output output = new Output();

  /** Keeps what is played; a scenario does nothing else with its output. */
  private static final class Output implements ReaderOutput<ControlRecord> {
    final List<ControlRecord> played = new ArrayList<>();

    @Override
    public void collect(ControlRecord control, long timestamp) {
      assertThat(timestamp).isEqualTo(control.atNs());
      played.add(control);
    }

    @Override
    public void collect(ControlRecord control) {
      throw new AssertionError("a record without its time");
    }

    @Override
    public void emitWatermark(Watermark watermark) {
      throw new AssertionError(watermark);
    }

    @Override
    public void markIdle() {
      throw new AssertionError("idle");
    }

    @Override
    public void markActive() {
      throw new AssertionError("active");
    }

    @Override
    public SourceOutput<ControlRecord> createOutputForSplit(String split) {
      throw new AssertionError(split);
    }

    @Override
    public void releaseOutputForSplit(String split) {
      throw new AssertionError(split);
    }
  }

  private SourceReader<ControlRecord, ScenarioPosition> reader(Clock clock) {
    return new ScenarioSource(fleet, Scenarios.demands(fleet), clock).createReader(null);
  }

  @Test
  void nothingIsPlayedBeforeThePositionIsKnown() throws Exception {
    SourceReader<ControlRecord, ScenarioPosition> reader = reader(Clock.VIRTUAL);
    CompletableFuture<Void> available = reader.isAvailable();
    assertThat(reader.pollNext(output)).isEqualTo(InputStatus.NOTHING_AVAILABLE);
    assertThat(reader.snapshotState(1)).isEmpty();
    assertThat(available).isNotDone();

    reader.addSplits(List.of(ScenarioPosition.START));
    assertThat(available).isDone();
    assertThat(reader.pollNext(output)).isEqualTo(InputStatus.MORE_AVAILABLE);
  }

  @Test
  void inVirtualTimeThePositionIsAnIndexAlone() throws Exception {
    SourceReader<ControlRecord, ScenarioPosition> reader = reader(Clock.VIRTUAL);
    reader.addSplits(List.of(new ScenarioPosition(2, 0)));
    reader.notifyNoMoreSplits();
    assertThat(reader.pollNext(output)).isEqualTo(InputStatus.MORE_AVAILABLE);
    assertThat(reader.snapshotState(1)).containsExactly(new ScenarioPosition(3, 0));
    assertThat(reader.pollNext(output)).isEqualTo(InputStatus.END_OF_INPUT);
    assertThat(reader.snapshotState(1)).containsExactly(new ScenarioPosition(4, 0));
    assertThat(output.played).extracting(ControlRecord::atNs).containsExactly(HOUR_NS, 2 * HOUR_NS);
  }

  @Test
  void aPositionAtTheEndEndsAtOnce() throws Exception {
    SourceReader<ControlRecord, ScenarioPosition> reader = reader(Clock.PACED);
    reader.addSplits(List.of(new ScenarioPosition(4, 2 * HOUR_NS)));
    reader.notifyNoMoreSplits();
    assertThat(reader.pollNext(output)).isEqualTo(InputStatus.END_OF_INPUT);
    assertThat(output.played).isEmpty();
  }

  @Test
  void theEndWaitsUntilAllSplitsAreTold() throws Exception {
    SourceReader<ControlRecord, ScenarioPosition> reader = reader(Clock.VIRTUAL);
    reader.addSplits(List.of(new ScenarioPosition(4, 0)));
    assertThat(reader.pollNext(output)).isEqualTo(InputStatus.NOTHING_AVAILABLE);
    CompletableFuture<Void> wait = reader.isAvailable();
    assertThat(wait).isNotDone();
    reader.notifyNoMoreSplits();
    assertThat(wait).isCompleted();
    assertThat(reader.pollNext(output)).isEqualTo(InputStatus.END_OF_INPUT);
  }

  @Test
  void inPacedTimeTheTimePlayedBeforeCounts() throws Exception {
    SourceReader<ControlRecord, ScenarioPosition> reader = reader(Clock.PACED);
    long almostAnHourNs = HOUR_NS - 20_000_000;
    reader.addSplits(List.of(new ScenarioPosition(2, almostAnHourNs)));
    while (reader.pollNext(output) == InputStatus.NOTHING_AVAILABLE) {
      reader.isAvailable().get(1, TimeUnit.MINUTES);
    }
    assertThat(output.played).extracting(ControlRecord::atNs).containsExactly(HOUR_NS);
    ScenarioPosition position = reader.snapshotState(1).get(0);
    assertThat(position.next()).isEqualTo(3);
    assertThat(position.elapsedNs()).isBetween(HOUR_NS, 2 * HOUR_NS);
  }

  @Test
  void aReaderThatIsClosedWaitsNoMore() throws Exception {
    SourceReader<ControlRecord, ScenarioPosition> reader = reader(Clock.PACED);
    reader.addSplits(List.of(new ScenarioPosition(2, 0)));
    assertThat(reader.pollNext(output)).isEqualTo(InputStatus.NOTHING_AVAILABLE);
    CompletableFuture<Void> wait = reader.isAvailable();
    assertThat(wait).isNotDone();
    reader.close();
    assertThat(wait).isCompleted();
  }

  @Test
  void positionsAreWrittenAndRead() throws IOException {
    ScenarioPosition position = new ScenarioPosition(3, HOUR_NS);
    ScenarioPosition.Serializer positions = new ScenarioPosition.Serializer();
    ScenarioEnumerator.Serializer left = new ScenarioEnumerator.Serializer();
    assertThat(positions.deserialize(1, positions.serialize(position))).isEqualTo(position);
    for (Optional<ScenarioPosition> state :
        List.of(Optional.of(position), Optional.<ScenarioPosition>empty())) {
      byte[] bytes = SimpleVersionedSerialization.writeVersionAndSerialize(left, state);
      assertThat(SimpleVersionedSerialization.readVersionAndDeSerialize(left, bytes))
          .isEqualTo(state);
    }
  }
}
