package io.sluice.flink.dpu;

import io.sluice.fleet.ComputeUnit;
import io.sluice.fleet.Fleet;
import io.sluice.target.Fingerprint;
import io.sluice.xrm.Demand;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The DPU nodes of a job and the fleet that they run on.
 *
 * @param fleet the cards, and what goes wrong with them when
 * @param settings how the nodes run
 * @param nodes in the order of the pipeline
 */
public record DpuPlan(Fleet fleet, DpuSettings settings, List<DpuNode> nodes) {
  public DpuPlan {
    nodes = List.copyOf(nodes);
  }

  /**
   * A node of a plan before its slots are counted.
   *
   * @param id as in {@link DpuNode}
   * @param input as in {@link DpuNode}
   * @param outputs as in {@link DpuNode}
   * @param models as in {@link DpuNode}
   */
  public record Network(
      String id, String input, List<String> outputs, Map<Integer, DpuModel> models) {
    /** A network with one output. */
    public Network(String id, String input, String output, Map<Integer, DpuModel> models) {
      this(id, input, List.of(output), models);
    }
  }

  /**
   * Shares the units of the fleet out to the nodes: to a node the units that can run it, those that
   * several nodes can run evenly among these, the first nodes getting what is over; at least one
   * for each node. A slot has {@link DpuSettings#unitsPerSlot} of them, and a unit that is over
   * goes to one of the slots.
   *
   * @throws io.sluice.error.SluiceException VART_DEVICE_MISMATCH if no unit can run a node
   */
  public static DpuPlan of(Fleet fleet, DpuSettings settings, List<Network> networks) {
    Map<Fingerprint, Long> rivals = new LinkedHashMap<>();
    List<DpuNode> single =
        networks.stream().map(n -> new DpuNode(n.id, n.input, n.outputs, n.models, 1, 1)).toList();
    single.forEach(node -> rivals.merge(node.fingerprint(), 1L, Long::sum));
    Map<Fingerprint, Integer> served = new LinkedHashMap<>();
    List<DpuNode> nodes =
        single.stream()
            .map(
                node -> {
                  List<ComputeUnit> units = fleet.unitsFor(node.fingerprint(), node.id());
                  int among = rivals.get(node.fingerprint()).intValue();
                  int before = served.merge(node.fingerprint(), 1, Integer::sum) - 1;
                  int share = units.size() / among + (before < units.size() % among ? 1 : 0);
                  int slots = share / settings.unitsPerSlot();
                  return node.with(Math.max(1, slots), Math.max(1, share));
                })
            .toList();
    return new DpuPlan(fleet, settings, nodes);
  }

  /** What all slots want. */
  public List<Demand> demands() {
    return nodes.stream().flatMap(node -> node.demands().stream()).toList();
  }

  /**
   * The node of an id.
   *
   * @throws IllegalArgumentException if the plan has none
   */
  public DpuNode node(String id) {
    return nodes.stream()
        .filter(node -> node.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no DPU node '" + id + "'"));
  }
}
