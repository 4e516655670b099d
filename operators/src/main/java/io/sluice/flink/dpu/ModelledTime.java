package io.sluice.flink.dpu;

import io.sluice.flink.Packet;

/** The modelled time that a DPU took for a packet, which the packet carries as a text. */
public final class ModelledTime {
  private static final String PREFIX = "modelledNs.";

  private ModelledTime() {}

  static Packet add(Packet packet, String node, long ns) {
    return packet.withText(PREFIX + node, Long.toString(ns));
  }

  /**
   * What a DPU node took, in nanoseconds: of a batch the request's part; 0 if the packet was not at
   * the node.
   */
  public static long ns(Packet packet, String node) {
    String text = packet.texts().get(PREFIX + node);
    return text == null ? 0 : Long.parseLong(text);
  }
}
