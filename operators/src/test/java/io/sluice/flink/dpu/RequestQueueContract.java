package io.sluice.flink.dpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What holds for every queue discipline. */
abstract class RequestQueueContract {
  abstract RequestQueue queue();

  /** A request that was the {@code serial}-th to come. */
  static Request request(long serial, long dueNs) {
    Request request = DpuScheduleTest.request("r" + serial, 4, 10 * serial);
    return new Request(request.packet(), 4, request.arrivedNs(), 0, dueNs).numbered(serial);
  }

  @Test
  void anEmptyQueueHasNoFirstAndNoOldest() {
    assertThat(queue().poll()).isNull();
    assertThat(queue().peek()).isNull();
    assertThat(queue().oldest()).isNull();
    assertThat(queue().size()).isZero();
  }

  @Property(tries = 200)
  void itDoesWhatASortedListDoes(@ForAll long seed) {
    Random random = new Random(seed);
    RequestQueue queue = queue();
    List<Request> model = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      int what = random.nextInt(5);
      if (what < 3 || model.isEmpty()) {
        Request request =
            request(i, random.nextBoolean() ? Request.NEVER_DUE : random.nextInt(300));
        queue.add(request);
        model.add(request);
      } else if (what == 3) {
        Request first = model.get(0);
        assertThat(queue.poll()).isEqualTo(first);
        model.remove(first);
        if (random.nextBoolean()) {
          queue.add(first);
          model.add(first);
        }
      } else {
        Request any = model.get(random.nextInt(model.size()));
        queue.remove(any);
        model.remove(any);
      }
      model.sort(queue.order());

      assertThat(queue.requests()).containsExactlyElementsOf(model);
      assertThat(queue.size()).isEqualTo(model.size());
      assertThat(queue.peek()).isEqualTo(model.isEmpty() ? null : model.get(0));
      assertThat(queue.oldest())
          .isEqualTo(model.stream().min(Comparator.comparingLong(Request::serial)).orElse(null));
    }
  }
}
