package io.sluice.flink.dpu;

import io.sluice.flink.Failure;
import io.sluice.flink.PacketSerializer;
import io.sluice.flink.xrm.LeaseUpdateSerializer;
import io.sluice.xrm.LeaseUpdate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** The parts that the state of a slot is written of. */
final class StateFields {
  /** Writes one element. */
  @FunctionalInterface
  interface Writer<T> {
    void write(T element, DataOutputSerializer out) throws IOException;
  }

  /** Reads one element. */
  @FunctionalInterface
  interface Reader<T> {
    T read(DataInputDeserializer in) throws IOException;
  }

  private StateFields() {}

  static <T> void writeList(List<T> list, Writer<? super T> writer, DataOutputSerializer out)
      throws IOException {
    out.writeInt(list.size());
    for (T element : list) {
      writer.write(element, out);
    }
  }

  static <T> List<T> readList(DataInputDeserializer in, Reader<T> reader) throws IOException {
    int count = in.readInt();
    List<T> list = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      list.add(reader.read(in));
    }
    return list;
  }

  static void write(Request request, DataOutputSerializer out) throws IOException {
    PacketSerializer.INSTANCE.serialize(request.packet(), out);
    out.writeInt(request.width());
    out.writeLong(request.arrivedNs());
    out.writeInt(request.level());
    out.writeLong(request.dueNs());
    out.writeLong(request.serial());
    out.writeBoolean(request.deferred());
    out.writeInt(request.lost());
    out.writeInt(request.failed());
  }

  static Request readRequest(DataInputDeserializer in) throws IOException {
    return new Request(
        PacketSerializer.INSTANCE.deserialize(in),
        in.readInt(),
        in.readLong(),
        in.readInt(),
        in.readLong(),
        in.readLong(),
        in.readBoolean(),
        in.readInt(),
        in.readInt());
  }

  static void write(LeaseUpdate update, DataOutputSerializer out) throws IOException {
    LeaseUpdateSerializer.INSTANCE.serialize(update, out);
  }

  static LeaseUpdate readUpdate(DataInputDeserializer in) throws IOException {
    return LeaseUpdateSerializer.INSTANCE.deserialize(in);
  }

  static void writeMap(Map<String, Failure> failures, DataOutputSerializer out) throws IOException {
    out.writeInt(failures.size());
    for (Map.Entry<String, Failure> entry : failures.entrySet()) {
      out.writeUTF(entry.getKey());
      Failure failure = entry.getValue();
      out.writeUTF(failure.stage());
      out.writeUTF(failure.code());
      out.writeUTF(failure.thing());
      out.writeUTF(failure.place());
      out.writeUTF(failure.remedy());
    }
  }

  static Map<String, Failure> readMap(DataInputDeserializer in) throws IOException {
    int count = in.readInt();
    Map<String, Failure> failures = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      failures.put(
          in.readUTF(),
          new Failure(in.readUTF(), in.readUTF(), in.readUTF(), in.readUTF(), in.readUTF()));
    }
    return failures;
  }
}
