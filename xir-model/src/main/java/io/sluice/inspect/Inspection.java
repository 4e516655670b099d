package io.sluice.inspect;

import io.sluice.compile.Compiler;
import io.sluice.compile.Device;
import io.sluice.compile.OpPlacement;
import io.sluice.compile.OperatorChecker;
import io.sluice.quantize.Quantizer;
import io.sluice.target.BrokenLimit;
import io.sluice.target.DpuTarget;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Where every op of a float graph would run on a target.
 *
 * @param target what was asked about
 * @param ops all but constants, in topological order, as the compiler rewrites them
 * @param limits all that an op breaks of what Table 28 and the target's description allow, by its
 *     name, for those that one of these keeps off the DPU
 */
public record Inspection(
    DpuTarget target, List<OpPlacement> ops, Map<String, List<BrokenLimit>> limits) {
  public Inspection {
    ops = List.copyOf(ops);
    limits = Map.copyOf(limits);
  }

  /**
   * Inspects a float graph; it needs no calibration.
   *
   * @param graph not changed
   */
  public static Inspection of(Graph graph, DpuTarget target) {
    List<OpPlacement> ops = Compiler.place(graph, target);
    OperatorChecker checker = new OperatorChecker(target);
    Graph prepared = Quantizer.prepare(graph);
    Map<String, List<BrokenLimit>> limits = new TreeMap<>();
    for (OpPlacement op : ops) {
      boolean limited = op.rule().startsWith("table28.") || op.rule().startsWith("target.");
      if (limited && prepared.has(op.name())) {
        limits.put(op.name(), checker.broken(prepared.op(op.name())));
      }
    }
    return new Inspection(target, ops, limits);
  }

  /** How to change the network so that an op may run on the DPU; empty if it does. */
  public String hint(OpPlacement op) {
    return Hints.of(op, limits.getOrDefault(op.name(), List.of()));
  }

  /** The DPU's share of all multiply-accumulates, 0 to 1; 0 for a graph without any. */
  public double dpuMacShare() {
    long all = ops.stream().mapToLong(OpPlacement::macs).sum();
    long dpu = count(Device.DPU, OpPlacement::macs);
    return all == 0 ? 0 : (double) dpu / all;
  }

  /** How many ops a device runs. */
  public long opsOn(Device device) {
    return count(device, op -> 1L);
  }

  /** How many subgraphs the DPU runs. */
  public int dpuSubgraphs() {
    return (int)
        ops.stream()
            .filter(op -> op.device() == Device.DPU)
            .mapToInt(OpPlacement::subgraph)
            .distinct()
            .count();
  }

  /**
   * The graph as the compiler sees it, its subgraphs coloured by device.
   *
   * @param graph the one inspected
   */
  public String svg(Graph graph) {
    Map<String, OpPlacement> byName =
        ops.stream().collect(Collectors.toMap(OpPlacement::name, Function.identity()));
    Map<Integer, List<Op>> subgraphs =
        Quantizer.prepare(graph).topologicalOrder().stream()
            .filter(op -> byName.containsKey(op.name()))
            .collect(
                Collectors.groupingBy(
                    op -> byName.get(op.name()).subgraph(), TreeMap::new, Collectors.toList()));
    return GraphSvg.draw(
        subgraphs.values().stream().map(group -> group(group, byName)).toList(),
        op -> byName.get(op.name()).reason());
  }

  private static GraphSvg.Group group(List<Op> ops, Map<String, OpPlacement> byName) {
    String device = byName.get(ops.get(0).name()).device().name();
    String title = device + ": " + ops.size() + (ops.size() == 1 ? " op" : " ops");
    return new GraphSvg.Group(title, device, ops);
  }

  private long count(Device device, Function<OpPlacement, Long> what) {
    return ops.stream().filter(op -> op.device() == device).mapToLong(what::apply).sum();
  }
}
