package io.sluice.flink.dpu;

import io.sluice.flink.Packet;
import java.util.SortedMap;
import java.util.TreeMap;

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

  /** What every DPU node took that the packet was at, by node. */
  public static SortedMap<String, Long> all(Packet packet) {
    SortedMap<String, Long> all = new TreeMap<>();
    packet
        .texts()
        .tailMap(PREFIX)
        .forEach(
            (name, text) -> {
              if (name.startsWith(PREFIX)) {
                all.put(name.substring(PREFIX.length()), Long.parseLong(text));
              }
            });
    return all;
  }

  /** The name of the text that carries what a node took, in nanoseconds. */
  public static String name(String node) {
    return PREFIX + node;
  }
}
