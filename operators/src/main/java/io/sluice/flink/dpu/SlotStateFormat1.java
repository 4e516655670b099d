package io.sluice.flink.dpu;

import io.sluice.flink.PacketSerializer;
import io.sluice.xrm.LeaseUpdate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.flink.core.memory.DataInputDeserializer;

/**
 * Reads slots as they were kept when each had one unit and its requests neither priority nor
 * deadline. What ran and waited is counted anew, in its order.
 */
final class SlotStateFormat1 {
  static final int FORMAT = 1;

  private SlotStateFormat1() {}

  /**
   * @param in behind the format number
   */
  static SlotState read(DataInputDeserializer in) throws IOException {
    int slot = in.readInt();
    Optional<LeaseUpdate> held =
        StateFields.readList(in, StateFields::readUpdate).stream().findFirst();
    long unleasedSinceNs = in.readLong();
    List<Request> waiting = StateFields.readList(in, SlotStateFormat1::readRequest);
    Optional<Batch> running = Optional.empty();
    if (in.readBoolean()) {
      long id = in.readLong();
      long startNs = in.readLong();
      long finishNs = in.readLong();
      List<Request> batch = numbered(StateFields.readList(in, SlotStateFormat1::readRequest), 0);
      running = Optional.of(new Batch(id, slot, 0, batch, startNs, finishNs));
    }
    int ran = running.map(batch -> batch.requests().size()).orElse(0);
    List<Request> queue = numbered(waiting, ran);
    SlotState.Ahead ahead =
        new SlotState.Ahead(
            StateFields.readList(in, SlotStateFormat1::readRequest),
            StateFields.readList(in, StateFields::readUpdate),
            List.of());
    return new SlotState(
        slot,
        List.of(new SeatState(0, held, running)),
        unleasedSinceNs,
        (long) ran + queue.size(),
        queue,
        Map.of(),
        0,
        new TreeMap<>(),
        queue.isEmpty() ? Long.MAX_VALUE : unleasedSinceNs,
        0,
        ahead);
  }

  private static Request readRequest(DataInputDeserializer in) throws IOException {
    return new Request(
        PacketSerializer.INSTANCE.deserialize(in),
        in.readInt(),
        in.readLong(),
        0,
        Request.NEVER_DUE);
  }

  private static List<Request> numbered(List<Request> requests, int first) {
    List<Request> numbered = new ArrayList<>();
    requests.forEach(request -> numbered.add(request.numbered(first + numbered.size())));
    return numbered;
  }
}
