package io.sluice.flink.dpu;

import java.util.List;

/**
 * Requests for one model that a unit works on at the same time.
 *
 * @param id unique in the life of a subtask
 * @param slot whose unit it is
 * @param requests in the order in which they came
 * @param startNs when it began, in the job's time
 * @param finishNs when it is done, modelled
 */
record Batch(long id, int slot, List<Request> requests, long startNs, long finishNs) {
  Batch {
    requests = List.copyOf(requests);
  }

  int width() {
    return requests.get(0).width();
  }
}
