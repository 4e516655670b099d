package io.sluice.compile;

import io.sluice.xir.Subgraph;
import java.util.List;

/** The plugin that tests find by its name. */
public final class PoolPlugin implements CompilerPlugin {
  @Override
  public String name() {
    return "pool";
  }

  @Override
  public List<Subgraph> partition(PluginGraph graph) {
    List<Subgraph> pools = graph.filterByType("maxpool2d");
    pools.forEach(pool -> graph.assign(pool, "pool_" + pool.name(), "POOL", CPU_RUNNER));
    return pools;
  }
}
