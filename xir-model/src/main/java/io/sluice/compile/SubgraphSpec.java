package io.sluice.compile;

import io.sluice.xir.Attrs;
import io.sluice.xir.Op;
import java.util.List;

/**
 * A subgraph to be made: ops, or children that hold them.
 *
 * @param ops all ops of it and its children
 * @param children superlayers of a DPU subgraph; empty otherwise
 */
record SubgraphSpec(
    String name, Device device, List<Op> ops, List<SubgraphSpec> children, Attrs attrs) {
  SubgraphSpec {
    ops = List.copyOf(ops);
    children = List.copyOf(children);
  }

  static SubgraphSpec leaf(String name, Device device, List<Op> ops, Attrs attrs) {
    return new SubgraphSpec(name, device, ops, List.of(), attrs);
  }
}
