package io.sluice.flink.xrm;

import io.sluice.fleet.Fleet;
import io.sluice.flink.Clock;
import io.sluice.xrm.Demand;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * The demands of a job at time 0, then the faults of its fleet. The timestamp of a record is its
 * time in nanoseconds; the source ends after the last one. For parallelism 1.
 */
final class ScenarioSource
    implements Source<ControlRecord, ScenarioPosition, Optional<ScenarioPosition>> {
  private static final long serialVersionUID = 1L;

  private final ArrayList<ControlRecord> records = new ArrayList<>();
  private final Clock clock;

  /**
   * @param clock VIRTUAL to emit all at once, PACED to hold each record until its time
   */
  ScenarioSource(Fleet fleet, List<Demand> demands, Clock clock) {
    demands.forEach(demand -> records.add(new ControlRecord.Joins(0, demand)));
    fleet.faults().forEach(fault -> records.add(new ControlRecord.Fault(fault)));
    this.clock = clock;
  }

  @Override
  public Boundedness getBoundedness() {
    return Boundedness.BOUNDED;
  }

  @Override
  public SourceReader<ControlRecord, ScenarioPosition> createReader(SourceReaderContext context) {
    return new ScenarioReader(records, clock);
  }

  @Override
  public SplitEnumerator<ScenarioPosition, Optional<ScenarioPosition>> createEnumerator(
      SplitEnumeratorContext<ScenarioPosition> context) {
    return new ScenarioEnumerator(context, Optional.of(ScenarioPosition.START));
  }

  @Override
  public SplitEnumerator<ScenarioPosition, Optional<ScenarioPosition>> restoreEnumerator(
      SplitEnumeratorContext<ScenarioPosition> context, Optional<ScenarioPosition> left) {
    return new ScenarioEnumerator(context, left);
  }

  @Override
  public SimpleVersionedSerializer<ScenarioPosition> getSplitSerializer() {
    return new ScenarioPosition.Serializer();
  }

  @Override
  public SimpleVersionedSerializer<Optional<ScenarioPosition>> getEnumeratorCheckpointSerializer() {
    return new ScenarioEnumerator.Serializer();
  }
}
