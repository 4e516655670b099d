package io.sluice.vart.example;

import io.sluice.compile.CompilerPlugin;
import io.sluice.compile.PluginGraph;
import io.sluice.xir.Subgraph;
import java.util.List;

/** A plugin for a device that pools integers, and has a runner of its own: {@link PoolIpRunner}. */
public final class PoolIpPlugin implements CompilerPlugin {
  @Override
  public String name() {
    return "pool-ip";
  }

  @Override
  public List<Subgraph> partition(PluginGraph graph) {
    List<Subgraph> pools = graph.filterByType("maxpool2d");
    pools.forEach(pool -> graph.assign(pool, pool.name(), "POOLIP", PoolIpRunner.NAME));
    return pools;
  }
}
