package io.sluice.flink.dpu;

import io.sluice.flink.Failure;
import io.sluice.flink.PacketSerializer;
import io.sluice.xrm.LeaseUpdate;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * The bytes of a {@link SlotState} in a checkpoint: a format number, then the fields in order. Of
 * the formats before, all are read; see {@link SlotStateFormat1}.
 */
final class SlotStateCodec {
  private static final int FORMAT = 3;

  /** As now, but for the turn of the units, which was not kept. */
  private static final int FORMAT_2 = 2;

  private static final int FIRST_BYTES = 1 << 12;

  private SlotStateCodec() {}

  static byte[] encode(SlotState state) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(FIRST_BYTES);
    out.writeInt(FORMAT);
    out.writeInt(state.slot());
    StateFields.writeList(state.seats(), SlotStateCodec::write, out);
    out.writeLong(state.unleasedSinceNs());
    out.writeLong(state.nextSerial());
    StateFields.writeList(state.queue(), StateFields::write, out);
    StateFields.writeMap(state.failedJobs(), out);
    out.writeLong(state.nextAnswer());
    StateFields.writeList(List.copyOf(state.heldAnswers().entrySet()), SlotStateCodec::write, out);
    out.writeLong(state.wakeNs());
    SlotState.Ahead ahead = state.ahead();
    StateFields.writeList(ahead.coming(), StateFields::write, out);
    StateFields.writeList(ahead.told(), StateFields::write, out);
    StateFields.writeList(ahead.failing(), SlotStateCodec::write, out);
    out.writeInt(state.turn());
    return out.getCopyOfBuffer();
  }

  /**
   * @throws IOException if the bytes are of a format that is not known
   */
  static SlotState decode(byte[] bytes) throws IOException {
    DataInputDeserializer in = new DataInputDeserializer(bytes);
    int format = in.readInt();
    if (format == SlotStateFormat1.FORMAT) {
      return SlotStateFormat1.read(in);
    }
    if (format != FORMAT && format != FORMAT_2) {
      throw new IOException("slot state of format " + format + ", known is up to " + FORMAT);
    }
    int slot = in.readInt();
    List<SeatState> seats = StateFields.readList(in, i -> readSeat(slot, i));
    long unleasedSinceNs = in.readLong();
    long nextSerial = in.readLong();
    List<Request> queue = StateFields.readList(in, StateFields::readRequest);
    Map<String, Failure> failedJobs = StateFields.readMap(in);
    long nextAnswer = in.readLong();
    SortedMap<Long, Answer> held = new TreeMap<>();
    StateFields.readList(in, SlotStateCodec::readAnswer)
        .forEach(entry -> held.put(entry.getKey(), entry.getValue()));
    long wakeNs = in.readLong();
    SlotState.Ahead ahead =
        new SlotState.Ahead(
            StateFields.readList(in, StateFields::readRequest),
            StateFields.readList(in, StateFields::readUpdate),
            StateFields.readList(in, i -> readFailing(slot, i)));
    int turn = format == FORMAT_2 ? 0 : in.readInt();
    return new SlotState(
        slot,
        seats,
        unleasedSinceNs,
        nextSerial,
        queue,
        failedJobs,
        nextAnswer,
        held,
        wakeNs,
        turn,
        ahead);
  }

  private static void write(SeatState seat, DataOutputSerializer out) throws IOException {
    out.writeInt(seat.seat());
    StateFields.writeList(seat.held().stream().toList(), StateFields::write, out);
    StateFields.writeList(seat.running().stream().toList(), SlotStateCodec::write, out);
  }

  private static SeatState readSeat(int slot, DataInputDeserializer in) throws IOException {
    int seat = in.readInt();
    List<LeaseUpdate> held = StateFields.readList(in, StateFields::readUpdate);
    List<Batch> running = StateFields.readList(in, i -> readBatch(slot, seat, i));
    return new SeatState(seat, held.stream().findFirst(), running.stream().findFirst());
  }

  private static void write(Batch batch, DataOutputSerializer out) throws IOException {
    out.writeLong(batch.id());
    out.writeLong(batch.startNs());
    out.writeLong(batch.finishNs());
    StateFields.writeList(batch.requests(), StateFields::write, out);
  }

  private static Batch readBatch(int slot, int seat, DataInputDeserializer in) throws IOException {
    long id = in.readLong();
    long startNs = in.readLong();
    long finishNs = in.readLong();
    return new Batch(
        id, slot, seat, StateFields.readList(in, StateFields::readRequest), startNs, finishNs);
  }

  private static void write(Map.Entry<Long, Answer> held, DataOutputSerializer out)
      throws IOException {
    out.writeLong(held.getKey());
    PacketSerializer.INSTANCE.serialize(held.getValue().packet(), out);
    out.writeLong(held.getValue().requestBytes());
    out.writeLong(held.getValue().atNs());
  }

  private static Map.Entry<Long, Answer> readAnswer(DataInputDeserializer in) throws IOException {
    long serial = in.readLong();
    return Map.entry(
        serial,
        new Answer(PacketSerializer.INSTANCE.deserialize(in), in.readLong(), in.readLong()));
  }

  private static void write(Event.PartFailed failed, DataOutputSerializer out) throws IOException {
    out.writeLong(failed.atNs());
    StateFields.writeMap(Map.of(failed.position(), failed.failure()), out);
  }

  private static Event.PartFailed readFailing(int slot, DataInputDeserializer in)
      throws IOException {
    long atNs = in.readLong();
    Map.Entry<String, Failure> failed = StateFields.readMap(in).entrySet().iterator().next();
    return new Event.PartFailed(atNs, slot, failed.getKey(), failed.getValue());
  }
}
