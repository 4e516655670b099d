package io.sluice.compile;

import io.sluice.target.DpuTarget;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import java.util.ArrayList;
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
 * other, and along a path the device changes as seldom as the order of its ops allows.
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

  static Partition partition(Graph graph, DpuTarget target) {
    Set<Op> demoted = new LinkedHashSet<>();
    while (true) {
      NodeGraph nodes = new NodeGraph(graph, new Lowerings(target, new FixPositions()), demoted);
      List<Part> parts = parts(nodes);
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

  private static List<Part> parts(NodeGraph nodes) {
    for (Node node : nodes.nodes()) {
      int level = node.inputs().stream().mapToInt(Node::level).max().orElse(-1);
      boolean even = node.device() == Device.DPU;
      node.setLevel(node.device() == Device.USER || (level % 2 == 0) == even ? level : level + 1);
    }
    Map<Node, Integer> component = new HashMap<>();
    Map<Integer, List<Node>> members = new LinkedHashMap<>();
    for (Node node : nodes.nodes()) {
      if (!component.containsKey(node)) {
        int id = members.size();
        members.put(id, new ArrayList<>());
        flood(node, id, component);
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
    boolean between = toCpu && in.stream().anyMatch(n -> n.device() == Device.CPU);
    long bytes = elements(in) + elements(out);
    return !computes || (between && ops < START_OPS + BORDER_OPS * bytes);
  }

  private static long elements(Set<Node> nodes) {
    return nodes.stream().mapToLong(n -> n.result().output().shape().elements()).sum();
  }
}
