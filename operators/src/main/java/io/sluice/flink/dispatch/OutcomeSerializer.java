package io.sluice.flink.dispatch;

import io.sluice.dispatch.Ending;
import io.sluice.dispatch.Outcome;
import io.sluice.flink.FormatSnapshot;
import io.sluice.flink.ImmutableSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Writes the fields in their order: 69 bytes. */
final class OutcomeSerializer extends ImmutableSerializer<Outcome> {
  static final OutcomeSerializer INSTANCE = new OutcomeSerializer();

  private static final long serialVersionUID = 1L;
  private static final int FORMAT = 1;

  private OutcomeSerializer() {}

  @Override
  public Outcome createInstance() {
    return new Outcome(0, 0, 0, Ending.DONE, 0, 0, 0, 0, 0, 0, 0);
  }

  @Override
  public void serialize(Outcome outcome, DataOutputView target) throws IOException {
    target.writeLong(outcome.id());
    target.writeInt(outcome.network());
    target.writeInt(outcome.unit());
    target.writeByte(code(outcome.ending()));
    target.writeInt(outcome.losses());
    target.writeLong(outcome.arrivedNs());
    target.writeLong(outcome.hostNs());
    target.writeLong(outcome.transferNs());
    target.writeLong(outcome.queueNs());
    target.writeLong(outcome.deviceNs());
    target.writeLong(outcome.deadlineNs());
  }

  @Override
  public Outcome deserialize(DataInputView source) throws IOException {
    return new Outcome(
        source.readLong(),
        source.readInt(),
        source.readInt(),
        ending(source.readByte()),
        source.readInt(),
        source.readLong(),
        source.readLong(),
        source.readLong(),
        source.readLong(),
        source.readLong(),
        source.readLong());
  }

  private static int code(Ending ending) {
    return switch (ending) {
      case DONE -> 0;
      case LOST -> 1;
      case NO_UNIT -> 2;
    };
  }

  private static Ending ending(int code) throws IOException {
    return switch (code) {
      case 0 -> Ending.DONE;
      case 1 -> Ending.LOST;
      case 2 -> Ending.NO_UNIT;
      default -> throw new IOException("ending " + code + " in serialized bytes");
    };
  }

  @Override
  public TypeSerializerSnapshot<Outcome> snapshotConfiguration() {
    return new Snapshot();
  }

  private Object readResolve() {
    return INSTANCE;
  }

  /** Public, with a public constructor, for Flink. */
  public static final class Snapshot extends FormatSnapshot<Outcome> {
    public Snapshot() {
      super(FORMAT);
    }

    @Override
    protected TypeSerializer<Outcome> serializer() {
      return INSTANCE;
    }
  }
}
