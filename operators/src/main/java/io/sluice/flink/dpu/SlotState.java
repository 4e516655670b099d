package io.sluice.flink.dpu;

import io.sluice.xrm.LeaseUpdate;
import java.util.List;
import java.util.Optional;

/**
 * A slot as a checkpoint keeps it.
 *
 * @param slot its index
 * @param held what it was told last; none if nothing yet
 * @param unleasedSinceNs since when it holds no unit, if it holds none
 * @param queue requests that wait, in order
 * @param running what its unit works on
 * @param coming requests whose time has not come
 * @param told lease updates whose time has not come
 */
record SlotState(
    int slot,
    Optional<LeaseUpdate> held,
    long unleasedSinceNs,
    List<Request> queue,
    Optional<Batch> running,
    List<Request> coming,
    List<LeaseUpdate> told) {
  SlotState {
    queue = List.copyOf(queue);
    coming = List.copyOf(coming);
    told = List.copyOf(told);
  }
}
