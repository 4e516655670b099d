package io.sluice.flink.xrm;

import io.sluice.flink.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.core.io.InputStatus;

/**
 * Plays a scenario from a position. When paced, a record is held until its time since the first
 * start; the time between a checkpoint and the restart from it does not count.
 */
final class ScenarioReader implements SourceReader<ControlRecord, ScenarioPosition> {
  private final List<ControlRecord> records;
  private final Clock clock;
  private boolean begun;
  private boolean hasAllSplits;
  private int next;
  private long startNanoTime;
  private CompletableFuture<Void> available = new CompletableFuture<>();

  ScenarioReader(List<ControlRecord> records, Clock clock) {
    this.records = records;
    this.clock = clock;
  }

  @Override
  public void start() {}

  @Override
  public void addSplits(List<ScenarioPosition> positions) {
    for (ScenarioPosition position : positions) {
      begun = true;
      next = position.next();
      startNanoTime = System.nanoTime() - position.elapsedNs();
      available.complete(null);
    }
  }

  @Override
  public void notifyNoMoreSplits() {
    hasAllSplits = true;
    available.complete(null);
  }

  /** The end comes with the last record, but not before Flink has told all: it fails otherwise. */
  @Override
  public InputStatus pollNext(ReaderOutput<ControlRecord> output) {
    if (begun && next < records.size()) {
      ControlRecord due = records.get(next);
      if (clock == Clock.PACED && elapsedNs() < due.atNs()) {
        return InputStatus.NOTHING_AVAILABLE;
      }
      output.collect(due, due.atNs());
      next++;
    }
    if (begun && next < records.size()) {
      return InputStatus.MORE_AVAILABLE;
    }
    return hasAllSplits ? InputStatus.END_OF_INPUT : InputStatus.NOTHING_AVAILABLE;
  }

  @Override
  public CompletableFuture<Void> isAvailable() {
    if (!available.isDone()) {
      return available;
    }
    if (begun && next < records.size()) {
      long waitNs = clock == Clock.PACED ? records.get(next).atNs() - elapsedNs() : 0;
      if (waitNs > 0) {
        available =
            new CompletableFuture<Void>().completeOnTimeout(null, waitNs, TimeUnit.NANOSECONDS);
      }
    } else if (!hasAllSplits) {
      available = new CompletableFuture<>();
    }
    return available;
  }

  @Override
  public List<ScenarioPosition> snapshotState(long checkpoint) {
    return begun ? List.of(new ScenarioPosition(next, elapsedNs())) : List.of();
  }

  private long elapsedNs() {
    return clock == Clock.PACED ? System.nanoTime() - startNanoTime : 0;
  }

  /** Ends a wait, which takes back its timer. Flink takes a future that fails for a fatal error. */
  @Override
  public void close() {
    available.complete(null);
  }
}
