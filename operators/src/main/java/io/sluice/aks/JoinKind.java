package io.sluice.aks;

import io.sluice.flink.Packet;
import java.io.Serializable;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * What a join waits for and what it makes of it.
 *
 * @param parents of a node: packets of one job, or one part, that come; 0 to gather all parts of a
 *     job instead
 * @param perPart for a gathering join, the DPU nodes that parts are at
 */
record JoinKind(int parents, Set<String> perPart) implements Serializable {
  /** One packet from each parent. */
  static JoinKind meet(int parents) {
    return new JoinKind(parents, Set.of());
  }

  /** All parts of a job. */
  static JoinKind gather(Set<String> perPart) {
    return new JoinKind(0, perPart);
  }

  /** What must come from one join's point of view together. */
  String key(Packet packet) {
    String position = packet.origin().position();
    return parents == 0 ? position : position + "#" + packet.part();
  }

  int expected(Packet packet) {
    if (parents > 0) {
      return parents;
    }
    return packet.isWhole() ? 1 : packet.parts();
  }

  Packet merge(List<Packet> arrived) {
    if (parents > 0) {
      return JobPackets.meet(arrived);
    }
    if (arrived.get(0).isWhole()) {
      return arrived.get(0);
    }
    return JobPackets.gather(
        arrived.stream().sorted(Comparator.comparingInt(Packet::part)).toList(), perPart);
  }
}
