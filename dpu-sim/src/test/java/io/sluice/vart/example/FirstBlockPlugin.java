package io.sluice.vart.example;

import io.sluice.compile.CompilerPlugin;
import io.sluice.compile.OpTemplate;
import io.sluice.compile.PluginGraph;
import io.sluice.xir.Subgraph;
import java.util.List;

/** A plugin for a device that computes a convolution with its Relu; the CPU stands in for it. */
public final class FirstBlockPlugin implements CompilerPlugin {
  @Override
  public String name() {
    return "first-block";
  }

  @Override
  public List<Subgraph> partition(PluginGraph graph) {
    List<Subgraph> blocks = graph.filterByTemplate(OpTemplate.chain("conv2d", "relu", "fix"));
    List<Subgraph> first = blocks.subList(0, Math.min(1, blocks.size()));
    first.forEach(block -> graph.assign(block, "block", "CONVIP", CPU_RUNNER));
    return first;
  }

  @Override
  public void compile(Subgraph subgraph) {
    subgraph.setAttrs(subgraph.attrs().with("conv_ip_ops", subgraph.ops().size()));
  }
}
