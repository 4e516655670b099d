package io.sluice.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class HeapProperties {
  private record Entry(long key, long serial) {
    static final Comparator<Entry> ORDER =
        Comparator.comparingLong(Entry::key).thenComparingLong(Entry::serial);
  }

  @Property(tries = 300)
  void eventsComeInTheOrderOfTimesAndThenOfAdding(
      @ForAll @Size(max = 200) List<@IntRange(min = -1, max = 20) Integer> steps) {
    EventHeap heap = new EventHeap();
    List<Entry> model = new ArrayList<>();
    long serial = 0;
    for (int step : steps) {
      if (step >= 0) {
        heap.add(step, serial);
        model.add(new Entry(step, serial++));
      } else if (!model.isEmpty()) {
        Entry least = model.stream().min(Entry.ORDER).orElseThrow();
        assertThat(heap.nextNs()).isEqualTo(least.key());
        assertThat(heap.take()).isEqualTo(least.serial());
        model.remove(least);
      }
    }
    assertThat(heap.isEmpty()).isEqualTo(model.isEmpty());
  }

  @Property(tries = 300)
  void theFirstUnitOfAGroupHasItsLowestKey(
      @ForAll @Size(max = 200) List<@IntRange(min = 0, max = 9999) Integer> steps) {
    UnitHeaps heaps = new UnitHeaps(20);
    TreeMap<Integer, int[]> model = new TreeMap<>();
    for (int step : steps) {
      int unit = step % 20;
      int key = step / 20 % 50;
      int group = step / 1000 - 1;
      if (group < 0) {
        heaps.remove(unit);
        model.remove(unit);
      } else {
        heaps.put(unit, group % 3, key);
        model.put(unit, new int[] {group % 3, key});
      }
      for (int g = 0; g < 3; g++) {
        int wanted = g;
        int first =
            model.entrySet().stream()
                .filter(e -> e.getValue()[0] == wanted)
                .min(Comparator.comparingInt(e -> e.getValue()[1]))
                .map(Map.Entry::getKey)
                .orElse(-1);
        assertThat(heaps.first(g)).isEqualTo(first);
      }
    }
  }

  @Property(tries = 300)
  void aQueueByDeadlineGivesTheEarliestAndOneByArrivalTheFirst(
      @ForAll boolean byDeadline,
      @ForAll @Size(max = 200) List<@IntRange(min = -1, max = 20) Integer> steps) {
    WaitQueues queues = new WaitQueues(2, byDeadline);
    List<Entry> model = new ArrayList<>();
    int serial = 0;
    for (int step : steps) {
      if (step >= 0) {
        queues.add(1, serial, step);
        model.add(new Entry(byDeadline ? step : 0, serial++));
      } else if (!model.isEmpty()) {
        Entry least = model.stream().min(Entry.ORDER).orElseThrow();
        assertThat(queues.first(1)).isEqualTo((int) least.serial());
        assertThat(queues.take(1)).isEqualTo((int) least.serial());
        model.remove(least);
      }
    }
    assertThat(queues.first(0)).isEqualTo(-1);
    assertThat(queues.first(1) < 0).isEqualTo(model.isEmpty());
  }
}
