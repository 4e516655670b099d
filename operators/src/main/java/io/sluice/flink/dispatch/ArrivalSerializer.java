package io.sluice.flink.dispatch;

import io.sluice.dispatch.Arrival;
import io.sluice.flink.FormatSnapshot;
import io.sluice.flink.ImmutableSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Writes the fields in their order: 24 bytes. */
final class ArrivalSerializer extends ImmutableSerializer<Arrival> {
  static final ArrivalSerializer INSTANCE = new ArrivalSerializer();

  private static final long serialVersionUID = 1L;
  private static final int FORMAT = 1;

  private ArrivalSerializer() {}

  @Override
  public Arrival createInstance() {
    return new Arrival(0, 0, 0, 0);
  }

  @Override
  public void serialize(Arrival arrival, DataOutputView target) throws IOException {
    target.writeLong(arrival.id());
    target.writeInt(arrival.dispatcher());
    target.writeInt(arrival.network());
    target.writeLong(arrival.atNs());
  }

  @Override
  public Arrival deserialize(DataInputView source) throws IOException {
    return new Arrival(source.readLong(), source.readInt(), source.readInt(), source.readLong());
  }

  @Override
  public TypeSerializerSnapshot<Arrival> snapshotConfiguration() {
    return new Snapshot();
  }

  private Object readResolve() {
    return INSTANCE;
  }

  /** Public, with a public constructor, for Flink. */
  public static final class Snapshot extends FormatSnapshot<Arrival> {
    public Snapshot() {
      super(FORMAT);
    }

    @Override
    protected TypeSerializer<Arrival> serializer() {
      return INSTANCE;
    }
  }
}
