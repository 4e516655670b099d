package io.sluice.compile;

import io.sluice.xir.Subgraph;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;

/** A plugin of two functions; its subgraphs are named after it. */
record TestPlugin(
    String name, Function<PluginGraph, List<Subgraph>> picks, Consumer<Subgraph> finish)
    implements CompilerPlugin {
  static TestPlugin of(String name, Function<PluginGraph, List<Subgraph>> picks) {
    return new TestPlugin(name, picks, subgraph -> {});
  }

  /** Takes about a third of the ops, merged as far as possible in about half of the cases. */
  static TestPlugin random(String name, Random random) {
    return of(
        name,
        graph -> {
          List<Subgraph> some =
              graph.filter(all -> all.stream().filter(s -> random.nextInt(3) == 0).toList());
          return random.nextBoolean() ? graph.merge(some) : some;
        });
  }

  @Override
  public List<Subgraph> partition(PluginGraph graph) {
    List<Subgraph> picked = picks.apply(graph);
    if (picked != null) {
      for (Subgraph subgraph : new ArrayList<>(picked)) {
        graph.assign(subgraph, subgraph.name(), name, CPU_RUNNER);
      }
    }
    return picked;
  }

  @Override
  public void compile(Subgraph subgraph) {
    finish.accept(subgraph);
  }
}
