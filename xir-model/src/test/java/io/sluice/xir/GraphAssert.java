package io.sluice.xir;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Holds two graphs against each other in everything that a file keeps. */
final class GraphAssert {
  private record OpView(
      String name, String type, Attrs attrs, Map<String, List<String>> inputs, Tensor output) {}

  private record TreeView(String name, Attrs attrs, List<String> ops, List<TreeView> children) {}

  private GraphAssert() {}

  static void assertSame(Graph actual, Graph expected) {
    assertThat(actual.name()).isEqualTo(expected.name());
    assertThat(actual.attrs()).isEqualTo(expected.attrs());
    assertThat(ops(actual)).isEqualTo(ops(expected));
    assertThat(tree(actual.root())).isEqualTo(tree(expected.root()));
    assertThat(actual.library().customDefinitions())
        .isEqualTo(expected.library().customDefinitions());
  }

  private static List<OpView> ops(Graph graph) {
    return graph.topologicalOrder().stream()
        .map(op -> new OpView(op.name(), op.type(), op.attrs(), inputs(op), op.output()))
        .toList();
  }

  private static Map<String, List<String>> inputs(Op op) {
    return op.inputs().entrySet().stream()
        .collect(
            Collectors.toMap(Map.Entry::getKey, e -> e.getValue().stream().map(Op::name).toList()));
  }

  private static TreeView tree(Subgraph node) {
    return new TreeView(
        node.name(),
        node.attrs(),
        node.ops().stream().map(Op::name).toList(),
        node.children().stream().map(GraphAssert::tree).toList());
  }
}
