package io.sluice.flink.dpu;

import io.sluice.flink.ImmutableTypeInfo;
import io.sluice.flink.Packet;
import io.sluice.flink.RunnerSource;
import io.sluice.xrm.LeaseUpdate;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/** Adds a DPU node to a topology. */
public final class DpuStage {
  private DpuStage() {}

  /**
   * Sends every packet to the subtask that serves its slot, and what the resource manager says to
   * all.
   *
   * @param packets with timestamps in nanoseconds and watermarks, if the time is virtual
   * @param leases what {@code ResourceManager} says; its watermark becomes maximal once it has said
   *     all, if the time is virtual
   * @return the packets with the node's output in place of its input, or failed; what has no such
   *     input as it came
   */
  public static SingleOutputStreamOperator<Packet> add(
      DataStream<Packet> packets,
      DataStream<LeaseUpdate> leases,
      DpuNode node,
      DpuSettings settings,
      RunnerSource runners) {
    return marked(packets, node, settings)
        .partitionCustom(
            (slot, subtasks) -> slot % subtasks, packet -> CancelMarks.slotOf(packet, node))
        .connect(leases.broadcast())
        .transform(
            node.id(), ImmutableTypeInfo.PACKET, new DpuInferenceOperator(node, settings, runners));
  }

  private static DataStream<Packet> marked(
      DataStream<Packet> packets, DpuNode node, DpuSettings settings) {
    if (!settings.cancelSiblings() || node.slots() == 1) {
      return packets;
    }
    String name = node.id() + " marks";
    return packets
        .flatMap(new CancelMarks(node), ImmutableTypeInfo.PACKET)
        .name(name)
        .uid(name)
        .setParallelism(packets.getParallelism());
  }
}
