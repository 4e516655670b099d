package io.sluice.optimize;

import java.util.Set;

/**
 * A rewriting of graphs that keeps what they compute, but for the rounding of floats. It changes
 * nothing that it need not: run on its own result it finds nothing to do, and every change lowers
 * the {@link Potential} of the graph.
 */
interface Pass extends Rewrite.Rule {
  /**
   * The passes that must have nothing left to do when this one looks at a graph: those that make
   * the forms that it reads, and those that would no longer find their own after it. What a pass
   * enables need not be declared; the others look again after each change.
   */
  default Set<Class<? extends Pass>> after() {
    return Set.of();
  }

  /** The name, for messages and as the last resort of an order. */
  default String name() {
    return getClass().getSimpleName();
  }
}
