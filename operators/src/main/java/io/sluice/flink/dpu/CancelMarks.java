package io.sluice.flink.dpu;

import io.sluice.flink.Packet;
import java.util.TreeMap;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.util.Collector;

/**
 * Before a DPU node that cancels: a part that failed goes on, and a mark of its failure goes to
 * each other slot of the node, so that all parts of its request that wait there or come later end
 * with it. A mark has the time of the part, so in virtual time it is the same in every run and for
 * any number of subtasks. It ends at the node.
 */
final class CancelMarks implements FlatMapFunction<Packet, Packet> {
  private static final long serialVersionUID = 1L;
  private static final String SLOT = "cancel-slot";

  private final DpuNode node;

  CancelMarks(DpuNode node) {
    this.node = node;
  }

  @Override
  public void flatMap(Packet packet, Collector<Packet> out) {
    if (packet.failed() && !packet.isWhole()) {
      int own = node.slotOf(packet);
      for (int slot = 0; slot < node.slots(); slot++) {
        if (slot != own) {
          TreeMap<String, String> texts = new TreeMap<>();
          texts.put(SLOT, Integer.toString(slot));
          out.collect(packet.holding(new TreeMap<>(), texts));
        }
      }
    }
    out.collect(packet);
  }

  static boolean isMark(Packet packet) {
    return packet.failed() && packet.texts().containsKey(SLOT);
  }

  /** The slot that a mark is for, or else the packet's own. */
  static int slotOf(Packet packet, DpuNode node) {
    return isMark(packet) ? Integer.parseInt(packet.texts().get(SLOT)) : node.slotOf(packet);
  }
}
