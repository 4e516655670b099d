package io.sluice.compile;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.target.DpuTarget;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Divides a quantized graph among devices.
 *
 * <p>Every node gets a level: the smallest number, even on the DPU and odd on the CPU, that is not
 * below the levels of the nodes that it reads. A part is a connected set of nodes of one device and
 * one level. An edge between parts always leads to a higher level, so parts cannot wait for each
 * other, and along a path the device changes as seldom as the order of its ops allows. What plugins
 * took are parts of their own, connected or not: where there are p of them, the level modulo p + 2
 * tells DPU, CPU and each of these apart.
 *
 * <p>A border costs: the caller stops the DPU, tensors are converted and moved, the DPU starts
 * again. A DPU part between two CPU parts is worth its borders only if it does more than a CPU
 * would do in that time, which is taken as {@link #START_OPS} operations for a start and {@link
 * #BORDER_OPS} for each byte that crosses (one core of an edge board does about 4 GOPS in float, a
 * start takes about 50 us, moving and converting a byte 2 ns). Parts that only move data never are.
 */
final class Partitioner {
  static final long START_OPS = 200_000;
  static final long BORDER_OPS = 8;

  /** Nodes of one device that run together, in topological order. */
  record Part(Device device, List<Node> nodes) {}

  /**
   * @param parts each after those that it reads
   * @param demoted ops that the DPU could run but whose part was not worth its borders
   */
  record Partition(NodeGraph nodes, List<Part> parts, Set<Op> demoted) {}

  private Partitioner() {}

  /**
   * @param plugins how many parts plugins took; their ops are marked by {@link Taken}
   * @throws SluiceException XIR_SUBGRAPH_HAS_CYCLE if parts of plugins would wait for each other
   */
  static Partition partition(Graph graph, DpuTarget target, int plugins) {
    Set<Op> demoted = new LinkedHashSet<>();
    while (true) {
      NodeGraph nodes = new NodeGraph(graph, new Lowerings(target, new FixPositions()), demoted);
      List<Part> parts = parts(nodes, plugins);
      Set<Op> more =
          parts.stream()
              .filter(Partitioner::isNotWorthItsBorders)
              .flatMap(part -> part.nodes().stream())
              .flatMap(node -> node.covers().stream())
              .collect(Collectors.toCollection(LinkedHashSet::new));
      if (!demoted.addAll(more)) {
        return new Partition(nodes, parts, demoted);
      }
    }
  }

  private static List<Part> parts(NodeGraph nodes, int plugins) {
    setLevels(nodes, plugins);
    Map<Node, Integer> component = new HashMap<>();
    Map<Integer, List<Node>> members = new LinkedHashMap<>();
    for (Node node : nodes.nodes()) {
      if (!component.containsKey(node)) {
        int id = members.size();
        members.put(id, new ArrayList<>());
        if (node.device() == Device.PLUGIN) {
          nodes.nodes().stream().filter(n -> together(n, node)).forEach(n -> component.put(n, id));
        } else {
          flood(node, id, component);
        }
      }
      members.get(component.get(node)).add(node);
    }
    return members.values().stream()
        .sorted(
            Comparator.comparingInt((List<Node> part) -> part.get(0).level())
                .thenComparing(part -> part.get(0).device()))
        .map(part -> new Part(part.get(0).device(), part))
        .toList();
  }

  /**
   * Nodes of a plugin's part share the level that the last of them needs, which those behind the
   * part have to know: each pass over the nodes settles at least one part more.
   */
  private static void setLevels(NodeGraph nodes, int plugins) {
    int kinds = 2 + plugins;
    int[] partLevel = new int[plugins];
    Arrays.fill(partLevel, -1);
    boolean changed = true;
    for (int pass = 0; changed; pass++) {
      if (pass > plugins + 2) {
        throw new SluiceException(
            ErrorCode.XIR_SUBGRAPH_HAS_CYCLE,
            "subgraphs of plugins need each other's results",
            "compile option 'plugins'",
            "let the plugins take the ops between as well");
      }
      changed = false;
      for (Node node : nodes.nodes()) {
        int level =
            node.inputs().stream()
                .filter(in -> !together(in, node))
                .mapToInt(Node::level)
                .max()
                .orElse(-1);
        if (node.device() == Device.PLUGIN) {
          level = Math.max(level, partLevel[node.part()]);
        }
        if (node.device() != Device.USER) {
          level += Math.floorMod(kind(node) - level, kinds);
        }
        if (node.device() == Device.PLUGIN) {
          partLevel[node.part()] = level;
        }
        changed |= level != node.level();
        node.setLevel(level);
      }
    }
  }

  private static int kind(Node node) {
    return switch (node.device()) {
      case DPU -> 0;
      case USER, CPU -> 1;
      case PLUGIN -> 2 + node.part();
    };
  }

  /** Whether both are of the same part of a plugin. */
  private static boolean together(Node a, Node b) {
    return a.device() == Device.PLUGIN && b.device() == Device.PLUGIN && a.part() == b.part();
  }

  private static void flood(Node start, int id, Map<Node, Integer> component) {
    List<Node> open = new ArrayList<>(List.of(start));
    component.put(start, id);
    while (!open.isEmpty()) {
      Node node = open.remove(open.size() - 1);
      List<Node> neighbours = new ArrayList<>(node.inputs());
      neighbours.addAll(node.readers());
      for (Node next : neighbours) {
        if (next.device() == node.device()
            && next.device() != Device.USER
            && next.level() == node.level()
            && !component.containsKey(next)) {
          component.put(next, id);
          open.add(next);
        }
      }
    }
  }

  private static boolean isNotWorthItsBorders(Part part) {
    if (part.device() != Device.DPU) {
      return false;
    }
    Set<Node> inside = new HashSet<>(part.nodes());
    Set<Node> in = new HashSet<>();
    Set<Node> out = new HashSet<>();
    boolean toCpu = false;
    long ops = 0;
    boolean computes = false;
    for (Node node : part.nodes()) {
      node.inputs().stream().filter(n -> !inside.contains(n)).forEach(in::add);
      for (Node reader : node.readers()) {
        if (!inside.contains(reader)) {
          out.add(node);
          toCpu |= !reader.isExit();
        }
      }
      ops += node.covers().stream().mapToLong(op -> 2 * Macs.of(op)).sum();
      computes |= node.steps().stream().anyMatch(s -> Superlayers.computes(s.type()));
    }
    boolean between =
        toCpu && in.stream().anyMatch(n -> n.device() == Device.CPU || n.device() == Device.PLUGIN);
    long bytes = elements(in) + elements(out);
    return !computes || (between && ops < START_OPS + BORDER_OPS * bytes);
  }

  private static long elements(Set<Node> nodes) {
    return nodes.stream().mapToLong(n -> n.result().output().shape().elements()).sum();
  }
}
