package io.sluice.compile;

import io.sluice.xir.Op;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Where the values that cross a border can be read once their part has been made: as integers (from
 * a download, a float2fix or an input) or as floats.
 */
final class Borders {
  private final Map<Op, Op> fixed = new HashMap<>();
  private final Map<Op, Op> floats = new HashMap<>();
  private final Set<Op> leavingDpu = new HashSet<>();
  private final Set<Op> enteringDpu = new HashSet<>();

  Borders(Partitioner.Partition partition) {
    Map<Node, Integer> parts = new HashMap<>();
    for (int i = 0; i < partition.parts().size(); i++) {
      for (Node node : partition.parts().get(i).nodes()) {
        parts.put(node, i);
      }
    }
    for (Node node : parts.keySet()) {
      for (Node reader : node.readers()) {
        if (!parts.get(reader).equals(parts.get(node))) {
          if (node.device() == Device.DPU) {
            leavingDpu.add(node.result());
          }
          if (reader.device() == Device.DPU) {
            enteringDpu.add(node.result());
          }
        }
      }
    }
  }

  /** Whether the value of a DPU node is read outside its part. */
  boolean leavesDpu(Op value) {
    return leavingDpu.contains(value);
  }

  /** Whether a DPU part other than its own reads a value. */
  boolean entersDpu(Op value) {
    return enteringDpu.contains(value);
  }

  void offerFixed(Op value, Op op) {
    fixed.put(value, op);
  }

  void offerFloat(Op value, Op op) {
    floats.put(value, op);
  }

  /** The op that holds a value as integers; null if there is none. */
  Op fixed(Op value) {
    return fixed.get(value);
  }

  /** The op that holds a value as floats; null if there is none. */
  Op floats(Op value) {
    return floats.get(value);
  }
}
