package io.sluice.flink.dpu;

import io.sluice.flink.PacketSerializer;
import io.sluice.flink.xrm.LeaseUpdateSerializer;
import io.sluice.xrm.LeaseUpdate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;

/** The bytes of a {@link SlotState} in a checkpoint: a format number, then the fields in order. */
final class SlotStateCodec {
  private static final int FORMAT = 1;
  private static final int FIRST_BYTES = 1 << 12;

  private SlotStateCodec() {}

  static byte[] encode(SlotState state) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(FIRST_BYTES);
    out.writeInt(FORMAT);
    out.writeInt(state.slot());
    writeUpdates(state.held().stream().toList(), out);
    out.writeLong(state.unleasedSinceNs());
    writeRequests(state.queue(), out);
    out.writeBoolean(state.running().isPresent());
    if (state.running().isPresent()) {
      Batch batch = state.running().get();
      out.writeLong(batch.id());
      out.writeLong(batch.startNs());
      out.writeLong(batch.finishNs());
      writeRequests(batch.requests(), out);
    }
    writeRequests(state.coming(), out);
    writeUpdates(state.told(), out);
    return out.getCopyOfBuffer();
  }

  /**
   * @throws IOException if the bytes are of another format
   */
  static SlotState decode(byte[] bytes) throws IOException {
    DataInputDeserializer in = new DataInputDeserializer(bytes);
    int format = in.readInt();
    if (format != FORMAT) {
      throw new IOException("slot state of format " + format + ", known is " + FORMAT);
    }
    int slot = in.readInt();
    Optional<LeaseUpdate> held = readUpdates(in).stream().findFirst();
    long unleasedSinceNs = in.readLong();
    List<Request> queue = readRequests(in);
    Optional<Batch> running = Optional.empty();
    if (in.readBoolean()) {
      long id = in.readLong();
      long startNs = in.readLong();
      long finishNs = in.readLong();
      running = Optional.of(new Batch(id, slot, readRequests(in), startNs, finishNs));
    }
    List<Request> coming = readRequests(in);
    return new SlotState(slot, held, unleasedSinceNs, queue, running, coming, readUpdates(in));
  }

  private static void writeRequests(List<Request> requests, DataOutputView out) throws IOException {
    out.writeInt(requests.size());
    for (Request request : requests) {
      PacketSerializer.INSTANCE.serialize(request.packet(), out);
      out.writeInt(request.width());
      out.writeLong(request.arrivedNs());
    }
  }

  private static List<Request> readRequests(DataInputView in) throws IOException {
    int count = in.readInt();
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      requests.add(
          new Request(PacketSerializer.INSTANCE.deserialize(in), in.readInt(), in.readLong()));
    }
    return requests;
  }

  private static void writeUpdates(List<LeaseUpdate> updates, DataOutputView out)
      throws IOException {
    out.writeInt(updates.size());
    for (LeaseUpdate update : updates) {
      LeaseUpdateSerializer.INSTANCE.serialize(update, out);
    }
  }

  private static List<LeaseUpdate> readUpdates(DataInputView in) throws IOException {
    int count = in.readInt();
    List<LeaseUpdate> updates = new ArrayList<>();
    TypeSerializer<LeaseUpdate> serializer = LeaseUpdateSerializer.INSTANCE;
    for (int i = 0; i < count; i++) {
      updates.add(serializer.deserialize(in));
    }
    return updates;
  }
}
