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
 */
record Request(Packet packet, int width, long arrivedNs) implements Comparable<Request> {
  /** Requests that came at the same time are served by id, so that no order of threads shows. */
  private static final Comparator<Request> ORDER =
      Comparator.comparingLong(Request::arrivedNs)
          .thenComparing(r -> r.packet.origin().requestId())
          .thenComparingInt(r -> r.packet.part())
          .thenComparing(r -> r.packet.origin().topic())
          .thenComparingInt(r -> r.packet.origin().partition())
          .thenComparingLong(r -> r.packet.origin().offset());

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

  Request at(long ns) {
    return new Request(packet, width, ns);
  }
}
