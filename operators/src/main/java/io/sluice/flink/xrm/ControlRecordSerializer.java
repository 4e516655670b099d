package io.sluice.flink.xrm;

import io.sluice.fleet.FaultEvent;
import io.sluice.flink.FormatSnapshot;
import io.sluice.flink.ImmutableSerializer;
import io.sluice.target.Fingerprint;
import io.sluice.xrm.Demand;
import io.sluice.xrm.SlotId;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/** Writes which kind of control record it is, then its fields in their order. */
final class ControlRecordSerializer extends ImmutableSerializer<ControlRecord> {
  static final ControlRecordSerializer INSTANCE = new ControlRecordSerializer();

  private static final long serialVersionUID = 1L;
  private static final int FORMAT = 1;
  private static final int JOINS = 0;
  private static final int FAULT = 1;

  private ControlRecordSerializer() {}

  @Override
  public ControlRecord createInstance() {
    return new ControlRecord.Joins(0, new Demand(new SlotId("", 0), new Fingerprint(0)));
  }

  @Override
  public void serialize(ControlRecord control, DataOutputView target) throws IOException {
    if (control instanceof ControlRecord.Joins joins) {
      target.writeByte(JOINS);
      target.writeLong(joins.atNs());
      Fields.writeDemand(joins.demand(), target);
    } else {
      FaultEvent event = ((ControlRecord.Fault) control).event();
      target.writeByte(FAULT);
      target.writeLong(event.atNs());
      StringValue.writeString(event.card(), target);
      Fields.writeName(event.kind(), target);
      target.writeDouble(event.factor());
    }
  }

  @Override
  public ControlRecord deserialize(DataInputView source) throws IOException {
    int kind = source.readUnsignedByte();
    long atNs = source.readLong();
    return switch (kind) {
      case JOINS -> new ControlRecord.Joins(atNs, Fields.readDemand(source));
      case FAULT ->
          new ControlRecord.Fault(
              new FaultEvent(
                  atNs,
                  StringValue.readString(source),
                  Fields.readName(FaultEvent.Kind.class, source),
                  source.readDouble()));
      default -> throw new IOException("control record of kind " + kind + " in serialized bytes");
    };
  }

  @Override
  public TypeSerializerSnapshot<ControlRecord> snapshotConfiguration() {
    return new Snapshot();
  }

  private Object readResolve() {
    return INSTANCE;
  }

  /** Public, with a public constructor, for Flink. */
  public static final class Snapshot extends FormatSnapshot<ControlRecord> {
    public Snapshot() {
      super(FORMAT);
    }

    @Override
    protected TypeSerializer<ControlRecord> serializer() {
      return INSTANCE;
    }
  }
}
