package io.sluice.flink.xrm;

import io.sluice.target.Fingerprint;
import io.sluice.xrm.Demand;
import io.sluice.xrm.SlotId;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/** The bytes of what several records have in common. */
final class Fields {
  private Fields() {}

  static void writeSlot(SlotId slot, DataOutputView target) throws IOException {
    StringValue.writeString(slot.node(), target);
    target.writeInt(slot.index());
  }

  static SlotId readSlot(DataInputView source) throws IOException {
    return new SlotId(StringValue.readString(source), source.readInt());
  }

  static void writeDemand(Demand demand, DataOutputView target) throws IOException {
    writeSlot(demand.slot(), target);
    target.writeLong(demand.fingerprint().value());
  }

  static Demand readDemand(DataInputView source) throws IOException {
    return new Demand(readSlot(source), new Fingerprint(source.readLong()));
  }

  static void writeName(Enum<?> value, DataOutputView target) throws IOException {
    StringValue.writeString(value.name(), target);
  }

  static <E extends Enum<E>> E readName(Class<E> type, DataInputView source) throws IOException {
    String name = StringValue.readString(source);
    try {
      return Enum.valueOf(type, name);
    } catch (IllegalArgumentException e) {
      throw new IOException(type.getSimpleName() + " '" + name + "' in serialized bytes", e);
    }
  }
}
