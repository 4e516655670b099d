package io.sluice.flink.dpu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DeadlineQueueTest extends RequestQueueContract {
  @Override
  RequestQueue queue() {
    return new DeadlineQueue();
  }

  @Test
  void theEarliestDeadlineIsFirstThenWhoCameFirstWithoutOne() {
    RequestQueue queue = queue();
    queue.add(request(3, Request.NEVER_DUE));
    queue.add(request(2, Request.NEVER_DUE));
    queue.add(request(4, 700));
    queue.add(request(5, 500));

    assertThat(queue.requests()).extracting(Request::serial).containsExactly(5L, 4L, 2L, 3L);
  }
}
