package io.sluice.xir;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Sorts disjoint groups of ops so that each comes after those that it reads. Among groups that
 * could come next, the one whose first op is first in the graph's order comes first, so the order
 * is the same every time.
 */
final class SubgraphOrder {
  private SubgraphOrder() {}

  /**
   * @param order the ops of all groups in topological order
   * @return indices into the groups
   * @throws SluiceException XIR_SUBGRAPH_HAS_CYCLE if two groups need each other
   */
  static List<Integer> sort(List<Op> order, List<? extends Collection<Op>> groups, String place) {
    Map<Op, Integer> groupOf = new HashMap<>();
    for (int g = 0; g < groups.size(); g++) {
      for (Op op : groups.get(g)) {
        groupOf.put(op, g);
      }
    }
    List<Set<Integer>> readers = new ArrayList<>();
    groups.forEach(group -> readers.add(new HashSet<>()));
    int[] waitsFor = new int[groups.size()];
    int[] rank = new int[groups.size()];
    for (int i = order.size() - 1; i >= 0; i--) {
      int to = groupOf.get(order.get(i));
      rank[to] = i;
      for (Op input : order.get(i).allInputs()) {
        Integer from = groupOf.get(input);
        if (from != null && from != to && readers.get(from).add(to)) {
          waitsFor[to]++;
        }
      }
    }
    PriorityQueue<Integer> ready = new PriorityQueue<>((a, b) -> Integer.compare(rank[a], rank[b]));
    for (int g = 0; g < groups.size(); g++) {
      if (waitsFor[g] == 0) {
        ready.add(g);
      }
    }
    List<Integer> sorted = new ArrayList<>();
    while (!ready.isEmpty()) {
      int g = ready.poll();
      sorted.add(g);
      for (int reader : readers.get(g)) {
        if (--waitsFor[reader] == 0) {
          ready.add(reader);
        }
      }
    }
    if (sorted.size() < groups.size()) {
      throw cycle(order, groupOf, sorted, place);
    }
    return sorted;
  }

  private static SluiceException cycle(
      List<Op> order, Map<Op, Integer> groupOf, List<Integer> sorted, String place) {
    Set<Integer> done = new HashSet<>(sorted);
    Op stuck =
        order.stream().filter(op -> !done.contains(groupOf.get(op))).findFirst().orElseThrow();
    return new SluiceException(
        ErrorCode.XIR_SUBGRAPH_HAS_CYCLE,
        "subgraphs need each other's results, among them the one of op '" + stuck.name() + "'",
        place,
        "put the ops on the way between them into the same subgraph");
  }
}
