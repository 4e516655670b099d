package io.sluice.flink.xrm;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** Hands the one split to the one reader. Its state is the split, until it is handed out. */
final class ScenarioEnumerator
    implements SplitEnumerator<ScenarioPosition, Optional<ScenarioPosition>> {
  private final SplitEnumeratorContext<ScenarioPosition> context;
  private Optional<ScenarioPosition> left;

  ScenarioEnumerator(
      SplitEnumeratorContext<ScenarioPosition> context, Optional<ScenarioPosition> left) {
    this.context = context;
    this.left = left;
  }

  @Override
  public void start() {}

  @Override
  public void addReader(int subtask) {
    left.ifPresent(position -> context.assignSplit(position, subtask));
    left = Optional.empty();
    context.signalNoMoreSplits(subtask);
  }

  @Override
  public void addSplitsBack(List<ScenarioPosition> positions, int subtask) {
    left = positions.stream().findFirst();
  }

  /** The reader does not ask. */
  @Override
  public void handleSplitRequest(int subtask, String host) {}

  @Override
  public Optional<ScenarioPosition> snapshotState(long checkpoint) {
    return left;
  }

  @Override
  public void close() {}

  /** Writes the split, or no bytes. */
  static final class Serializer implements SimpleVersionedSerializer<Optional<ScenarioPosition>> {
    private final ScenarioPosition.Serializer positions = new ScenarioPosition.Serializer();

    @Override
    public int getVersion() {
      return positions.getVersion();
    }

    @Override
    public byte[] serialize(Optional<ScenarioPosition> left) {
      return left.map(positions::serialize).orElseGet(() -> new byte[0]);
    }

    @Override
    public Optional<ScenarioPosition> deserialize(int version, byte[] bytes) throws IOException {
      return bytes.length == 0
          ? Optional.empty()
          : Optional.of(positions.deserialize(version, bytes));
    }
  }
}
