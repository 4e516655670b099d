package io.sluice.vart.example;

import io.sluice.compile.CompilerPlugin;
import io.sluice.compile.PluginGraph;
import io.sluice.xir.Subgraph;
import java.util.List;

/** A plugin for a device whose runner is not at hand. */
public final class NoRunnerPlugin implements CompilerPlugin {
  @Override
  public String name() {
    return "no-runner";
  }

  @Override
  public List<Subgraph> partition(PluginGraph graph) {
    List<Subgraph> gates = graph.filterByType("tanh");
    gates.forEach(gate -> graph.assign(gate, gate.name(), "GATEIP", "libgate-runner.so"));
    return gates;
  }
}
