package io.sluice.flink.dpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.flink.Clock;
import io.sluice.flink.Failure;
import io.sluice.flink.Origin;
import io.sluice.flink.Packet;
import io.sluice.flink.metrics.DpuTotals;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A part that failed before a DPU node ends the waiting of all others in all slots of the node. */
class CancelMarksTest {
  private static final int PARTS = 40;
  private static final int FAILED = 11;
  private static final Failure WHY = new Failure("before", "SLUICE_LIMIT", "too much", "x", "y");

  private static Packet part(String id, int part) {
    Packet packet =
        Packet.of(new Origin("in", 0, id.hashCode(), id, "test", 0, Map.of()))
            .with("in", TensorData.ofFloats(Shape.of(1, 1, 4, 1), part, 0, 0, 0))
            .asPart(part, PARTS);
    return id.equals("bad") && part == FAILED ? packet.failed(WHY) : packet;
  }

  private static List<Packet> marked(Packet packet) {
    List<Packet> out = new ArrayList<>();
    new CancelMarks(Subtask.NODE).flatMap(packet, new ListCollector<>(out));
    return out;
  }

  /** Sends all parts of a request to the subtasks of their slots. */
  private static void send(String id, List<Subtask> subtasks) throws Exception {
    for (int i = 0; i < PARTS; i++) {
      for (Packet packet : marked(part(id, i))) {
        int slot = CancelMarks.slotOf(packet, Subtask.NODE);
        subtasks.get(slot % subtasks.size()).packet(packet, i);
      }
    }
  }

  private static int inSlot(int slot, String id) {
    return (int)
        IntStream.range(0, PARTS)
            .filter(i -> Subtask.NODE.slotOf(part(id, i)) == slot)
            .filter(i -> !part(id, i).failed())
            .count();
  }

  /** Room in a slot for two requests, but not for three. */
  private static DpuSettings settings() {
    int requests =
        IntStream.range(0, Subtask.NODE.slots())
            .map(slot -> inSlot(slot, "good") + Math.max(inSlot(slot, "bad"), inSlot(slot, "new")))
            .max()
            .orElseThrow();
    TensorData input = part("good", 0).tensor("in");
    int bytes = Subtask.NODE.modelsByWidth().get(4).input(input).array().length;
    return DpuSettings.of(Clock.VIRTUAL, Work.EXACT)
        .withCancelSiblings(true)
        .with(QueueSettings.STANDARD.withMaxBytes((long) requests * bytes));
  }

  @Test
  void aFailureIsMarkedForEachOtherSlotAndNothingElseIs() {
    List<Packet> marks = marked(part("bad", FAILED));
    assertThat(marks).hasSize(Subtask.NODE.slots());
    assertThat(marks.stream().map(mark -> CancelMarks.slotOf(mark, Subtask.NODE)))
        .containsExactlyInAnyOrder(0, 1, 2, 3);
    assertThat(marks.stream().filter(mark -> !CancelMarks.isMark(mark)))
        .containsExactly(part("bad", FAILED));
    Packet good = part("good", 1);
    assertThat(marked(good)).containsExactly(good);
    Packet whole = part("bad", FAILED).asWhole();
    assertThat(marked(whole)).containsExactly(whole);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void allPartsOfTheJobLeaveEveryQueueAndWhatTheyHeldIsFree(int parallelism) throws Exception {
    List<Subtask> subtasks = new ArrayList<>();
    for (int i = 0; i < parallelism; i++) {
      subtasks.add(new Subtask(settings(), parallelism, i));
    }
    send("bad", subtasks);
    send("good", subtasks);
    for (Subtask subtask : subtasks) {
      subtask.watermark(PARTS);
    }
    assertThat(packets(subtasks))
        .hasSize(PARTS)
        .allMatch(packet -> packet.origin().requestId().equals("bad"))
        .allMatch(packet -> packet.failure().orElseThrow().equals(WHY))
        .noneMatch(CancelMarks::isMark)
        .extracting(Packet::part)
        .doesNotHaveDuplicates();

    // There is room for another request, and only what did not fail runs.
    send("new", subtasks);
    long served = 0;
    long cancelled = 0;
    List<Packet> all = new ArrayList<>();
    for (Subtask subtask : subtasks) {
      subtask.grantAll();
      subtask.watermark(Long.MAX_VALUE);
      all.addAll(subtask.packets());
      subtask.close();
      DpuTotals totals = DpuTotals.of("net", subtask.totals());
      served += totals.requests();
      cancelled += totals.priorities().get(0).cancelled();
    }
    assertThat(all).hasSize(3 * PARTS);
    assertThat(all.stream().filter(packet -> !packet.failed())).hasSize(2 * PARTS);
    assertThat(served).isEqualTo(2 * PARTS);
    assertThat(cancelled).isEqualTo(PARTS - 1);
  }

  private static List<Packet> packets(List<Subtask> subtasks) {
    return subtasks.stream().flatMap(subtask -> subtask.packets().stream()).toList();
  }
}
