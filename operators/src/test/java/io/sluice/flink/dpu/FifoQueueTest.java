package io.sluice.flink.dpu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FifoQueueTest extends RequestQueueContract {
  @Override
  RequestQueue queue() {
    return new FifoQueue();
  }

  @Test
  void whoCameFirstIsFirstWhateverItsDeadline() {
    RequestQueue queue = queue();
    queue.add(request(2, 5));
    queue.add(request(1, 900));

    assertThat(queue.peek().serial()).isEqualTo(1);
  }
}
