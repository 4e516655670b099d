package io.sluice.xrm;

import java.io.Serializable;
import java.util.Comparator;
import java.util.Objects;

/**
 * A client of the resource manager: one of the fixed number of queues that a DPU node of a pipeline
 * works off, as a process is a client of XRM.
 *
 * @param node the id of the DPU node
 * @param index from 0
 */
public record SlotId(String node, int index) implements Serializable, Comparable<SlotId> {
  private static final Comparator<SlotId> ORDER =
      Comparator.comparing(SlotId::node).thenComparingInt(SlotId::index);

  public SlotId {
    Objects.requireNonNull(node, "node");
  }

  @Override
  public int compareTo(SlotId other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return node + "#" + index;
  }
}
