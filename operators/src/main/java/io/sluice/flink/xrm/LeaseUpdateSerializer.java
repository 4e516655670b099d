package io.sluice.flink.xrm;

import io.sluice.flink.FormatSnapshot;
import io.sluice.flink.ImmutableSerializer;
import io.sluice.xrm.Lease;
import io.sluice.xrm.LeaseUpdate;
import io.sluice.xrm.SlotId;
import java.io.IOException;
import java.util.Optional;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/** Writes the fields of an update in their order, and of the lease whether there is one. */
public final class LeaseUpdateSerializer extends ImmutableSerializer<LeaseUpdate> {
  /** Without state, so one is enough. */
  public static final LeaseUpdateSerializer INSTANCE = new LeaseUpdateSerializer();

  private static final long serialVersionUID = 1L;
  private static final int FORMAT = 1;

  private LeaseUpdateSerializer() {}

  @Override
  public LeaseUpdate createInstance() {
    return new LeaseUpdate(new SlotId("", 0), 1, 0, 0, Optional.empty(), false, "");
  }

  @Override
  public void serialize(LeaseUpdate update, DataOutputView target) throws IOException {
    Fields.writeSlot(update.slot(), target);
    target.writeLong(update.epoch());
    target.writeLong(update.sequence());
    target.writeLong(update.atNs());
    target.writeBoolean(update.lease().isPresent());
    if (update.lease().isPresent()) {
      Lease lease = update.lease().get();
      StringValue.writeString(lease.unit(), target);
      StringValue.writeString(lease.card(), target);
      StringValue.writeString(lease.platform(), target);
      target.writeInt(lease.shareMillionths());
      target.writeDouble(lease.slowFactor());
    }
    target.writeBoolean(update.workLost());
    StringValue.writeString(update.reason(), target);
  }

  @Override
  public LeaseUpdate deserialize(DataInputView source) throws IOException {
    return new LeaseUpdate(
        Fields.readSlot(source),
        source.readLong(),
        source.readLong(),
        source.readLong(),
        source.readBoolean() ? Optional.of(readLease(source)) : Optional.empty(),
        source.readBoolean(),
        StringValue.readString(source));
  }

  private static Lease readLease(DataInputView source) throws IOException {
    return new Lease(
        StringValue.readString(source),
        StringValue.readString(source),
        StringValue.readString(source),
        source.readInt(),
        source.readDouble());
  }

  @Override
  public TypeSerializerSnapshot<LeaseUpdate> snapshotConfiguration() {
    return new Snapshot();
  }

  private Object readResolve() {
    return INSTANCE;
  }

  /** Public, with a public constructor, for Flink. */
  public static final class Snapshot extends FormatSnapshot<LeaseUpdate> {
    public Snapshot() {
      super(FORMAT);
    }

    @Override
    protected TypeSerializer<LeaseUpdate> serializer() {
      return INSTANCE;
    }
  }
}
