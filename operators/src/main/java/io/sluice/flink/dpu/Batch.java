package io.sluice.flink.dpu;

import java.util.List;

/**
 * Requests for one model that a unit works on at the same time.
 *
 * @param id unique in the life of a subtask
 * @param slot whose unit it is
 * @param seat which of the slot's units it is
 * @param requests in the order in which they were served
 * @param startNs when it began, in the job's time
 * @param finishNs when it is done, modelled
 */
record Batch(long id, int slot, int seat, List<Request> requests, long startNs, long finishNs) {
  Batch {
    requests = List.copyOf(requests);
  }

  int width() {
    return requests.get(0).width();
  }

  Batch withId(long other) {
    return new Batch(other, slot, seat, requests, startNs, finishNs);
  }
}
