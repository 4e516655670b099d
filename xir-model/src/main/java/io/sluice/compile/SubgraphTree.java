package io.sluice.compile;

import io.sluice.xir.AttrValue;
import io.sluice.xir.Attrs;
import io.sluice.xir.Graph;
import io.sluice.xir.Subgraph;
import java.util.List;

/** Makes the subgraph tree of a compiled graph, with the attributes of AMD's compiler. */
final class SubgraphTree {
  private SubgraphTree() {}

  /** Divides the root and, on the DPU, its children. */
  static void build(Graph graph, List<SubgraphSpec> specs) {
    Workload total = Workload.NONE;
    for (SubgraphSpec spec : specs) {
      total =
          total.plus(
              new Workload(
                  spec.attrs().getLong("workload"), spec.attrs().getLong("workload_on_arch")));
    }
    graph
        .root()
        .setAttrs(
            DpuPartWriter.withWorkload(Attrs.EMPTY, total)
                .with("reserve_const_data", true)
                .with("concat_skip_code_gen", true)
                .with("fusion", true)
                .with("enable_mt_fusion", false)
                .with("hd_opt", false)
                .with("inspector", false)
                .with("prefetch", false)
                .with("profile", false));
    divide(graph.root(), specs);
  }

  private static void divide(Subgraph node, List<SubgraphSpec> specs) {
    List<Subgraph> children = node.createChildren(specs.stream().map(SubgraphSpec::ops).toList());
    for (SubgraphSpec spec : specs) {
      Subgraph child =
          children.stream().filter(c -> c.covers(spec.ops().get(0))).findFirst().orElseThrow();
      child.setName(spec.name());
      child.setAttrs(spec.attrs());
      if (!spec.children().isEmpty()) {
        divide(child, spec.children());
        child.setAttrs(
            child.attrs().with("children_topological_sort", AttrValue.ofStrings(order(child))));
      }
    }
  }

  /** The superlayers in the order in which they run: not the borders, which take no part in it. */
  private static List<String> order(Subgraph dpu) {
    return dpu.children().stream()
        .filter(
            child ->
                child.ops().stream()
                    .noneMatch(op -> op.type().equals("upload") || op.type().equals("download")))
        .map(Subgraph::name)
        .toList();
  }
}
