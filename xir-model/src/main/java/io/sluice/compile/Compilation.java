package io.sluice.compile;

import java.util.List;

/**
 * What came of compiling, whether it was done now or taken from the cache.
 *
 * @param model the same either way
 * @param fromCache whether an earlier compilation of the same was found
 * @param compileSeconds measured: how long it took to compile, now or when the cache's entry was
 *     made
 * @param notices what was wrong with the cache, one line each; nothing is lost by it but time
 */
public record Compilation(
    CompiledModel model, boolean fromCache, double compileSeconds, List<String> notices) {
  private static final double NS_PER_S = 1e9;

  public Compilation {
    notices = List.copyOf(notices);
  }

  /** What compiles. */
  @FunctionalInterface
  interface Work {
    CompiledModel compile();
  }

  static Compilation now(Work work) {
    long start = System.nanoTime();
    CompiledModel model = work.compile();
    return new Compilation(model, false, (System.nanoTime() - start) / NS_PER_S, List.of());
  }
}
