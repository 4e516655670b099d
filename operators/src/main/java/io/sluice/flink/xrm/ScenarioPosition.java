package io.sluice.flink.xrm;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * How far a scenario has been played. It is the one split of the source.
 *
 * @param next index of the record that comes next
 * @param elapsedNs time played, in nanoseconds; 0 when it is not paced
 */
record ScenarioPosition(int next, long elapsedNs) implements SourceSplit {
  static final ScenarioPosition START = new ScenarioPosition(0, 0);

  @Override
  public String splitId() {
    return "scenario";
  }

  /** Writes both numbers. */
  static final class Serializer implements SimpleVersionedSerializer<ScenarioPosition> {
    private static final int VERSION = 1;

    @Override
    public int getVersion() {
      return VERSION;
    }

    @Override
    public byte[] serialize(ScenarioPosition position) {
      return ByteBuffer.allocate(Integer.BYTES + Long.BYTES)
          .putInt(position.next)
          .putLong(position.elapsedNs)
          .array();
    }

    @Override
    public ScenarioPosition deserialize(int version, byte[] bytes) throws IOException {
      if (version != VERSION) {
        throw new IOException("scenario position of version " + version + ", known is " + VERSION);
      }
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      return new ScenarioPosition(buffer.getInt(), buffer.getLong());
    }
  }
}
