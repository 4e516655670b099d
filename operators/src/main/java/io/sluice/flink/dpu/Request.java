package io.sluice.flink.dpu;

import io.sluice.flink.Packet;
import io.sluice.xir.TensorData;
import java.util.Comparator;

/**
 * A packet that waits for a DPU or runs on it.
 *
 * @param packet with its input as the model takes it
 * @param width which model it is for
 * @param arrivedNs when it came to the node, in the job's time
 * @param level its priority, from 0, the most urgent
 * @param dueNs until when it has to begin, in the job's time; {@link #NEVER_DUE} if it may wait
 * @param serial which request of its slot it is, counted as they come; 0 before it has come
 * @param deferred whether it waits behind the others of its priority
 * @param lost how many units died under it
 * @param failed how often its network failed
 */
record Request(
    Packet packet,
    int width,
    long arrivedNs,
    int level,
    long dueNs,
    long serial,
    boolean deferred,
    int lost,
    int failed)
    implements Comparable<Request> {
  static final long NEVER_DUE = Long.MAX_VALUE;

  /** Requests that come at the same time are taken in by id, so that no order of threads shows. */
  private static final Comparator<Request> ORDER =
      Comparator.comparingLong(Request::arrivedNs)
          .thenComparing(r -> r.packet.origin().requestId())
          .thenComparingInt(r -> r.packet.part())
          .thenComparing(r -> r.packet.origin().topic())
          .thenComparingInt(r -> r.packet.origin().partition())
          .thenComparingLong(r -> r.packet.origin().offset());

  /** A request that comes. */
  Request(Packet packet, int width, long arrivedNs, int level, long dueNs) {
    this(packet, width, arrivedNs, level, dueNs, 0, false, 0, 0);
  }

  @Override
  public int compareTo(Request other) {
    return ORDER.compare(this, other);
  }

  /** Bytes of its tensors. */
  long bytes() {
    long bytes = 0;
    for (TensorData tensor : packet.tensors().values()) {
      bytes += tensor.array().length;
    }
    return bytes;
  }

  /** As if it had come at another time; what it may wait stays the same. */
  Request at(long ns) {
    long due = dueNs == NEVER_DUE ? NEVER_DUE : dueNs - arrivedNs + ns;
    return new Request(packet, width, ns, level, due, serial, deferred, lost, failed);
  }

  Request numbered(long newSerial) {
    return new Request(packet, width, arrivedNs, level, dueNs, newSerial, deferred, lost, failed);
  }

  Request defer() {
    return new Request(packet, width, arrivedNs, level, dueNs, serial, true, lost, failed);
  }

  Request lostAgain() {
    return new Request(packet, width, arrivedNs, level, dueNs, serial, deferred, lost + 1, failed);
  }

  Request failedAgain() {
    return new Request(packet, width, arrivedNs, level, dueNs, serial, deferred, lost, failed + 1);
  }
}
