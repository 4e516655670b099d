package io.sluice.optimize;

import io.sluice.xir.Graph;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Passes in an order that follows from what each declares, and the graph in which none of them
 * finds anything more.
 *
 * <p>The order is the topological one of {@link Pass#after()}, by name where that leaves a choice,
 * so it does not depend on how the passes are listed. A pass looks at a graph only when no pass
 * before it finds anything: after every change the first one begins again.
 *
 * <p>This ends: the {@link Potential} of a graph is a tuple of natural numbers, compared from the
 * left, and must fall with every change, which is checked; there is no endless falling sequence.
 */
final class PassOrder {
  private final List<Pass> passes;

  PassOrder(List<Pass> passes) {
    this.passes = List.copyOf(passes);
  }

  /**
   * @param declared in any order; what {@code after} names and is not among them is left out
   * @throws IllegalArgumentException if two are of one class, or wait for each other
   */
  static PassOrder of(Collection<? extends Pass> declared) {
    List<Pass> open = new ArrayList<>(declared);
    open.sort(Comparator.comparing(Pass::name));
    Set<Class<?>> waiting = new HashSet<>();
    for (Pass pass : open) {
      if (!waiting.add(pass.getClass())) {
        throw new IllegalArgumentException("two passes " + pass.name());
      }
    }
    List<Pass> order = new ArrayList<>();
    while (!open.isEmpty()) {
      Pass next =
          open.stream()
              .filter(pass -> pass.after().stream().noneMatch(waiting::contains))
              .findFirst()
              .orElseThrow(() -> new IllegalArgumentException("passes wait for each other"));
      open.remove(next);
      waiting.remove(next.getClass());
      order.add(next);
    }
    return new PassOrder(order);
  }

  List<Pass> passes() {
    return passes;
  }

  /**
   * Applies the passes until none finds anything.
   *
   * @return a graph of the same inputs and outputs, without what no output depends on; the graph
   *     itself if there is nothing to do
   * @throws IllegalStateException if a pass changed a graph without making progress
   */
  Graph run(Graph graph) {
    Graph current = Rewrite.trimmed(graph);
    Potential potential = Potential.of(current);
    int next = 0;
    while (next < passes.size()) {
      Graph changed = Rewrite.once(current, passes.get(next));
      if (changed == current) {
        next++;
        continue;
      }
      Potential lower = Potential.of(changed);
      if (lower.compareTo(potential) >= 0) {
        throw new IllegalStateException(
            passes.get(next).name() + " made no progress: " + potential + " to " + lower);
      }
      current = changed;
      potential = lower;
      next = 0;
    }
    return current;
  }
}
