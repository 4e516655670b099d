package io.sluice.xir;

import static io.sluice.xir.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.error.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On x -> a -> b -> d and a -> c -> d. */
class SubgraphTest {
  private final Graph graph = new Graph("g");
  private final Subgraph root = graph.root();
  private Op x;
  private Op a;
  private Op b;
  private Op c;
  private Op d;

  @BeforeEach
  void build() {
    x =
        graph.add(
            "x", "data", Attrs.EMPTY.with("shape", new int[] {1, 4}).with("data_type", "FLOAT32"));
    a = graph.add("a", "relu", Attrs.EMPTY, x);
    b = graph.add("b", "relu", Attrs.EMPTY, a);
    c = graph.add("c", "relu", Attrs.EMPTY, a);
    d = graph.add("d", "add", Attrs.EMPTY, b, c);
  }

  @Test
  void theRootOfANewGraphIsALeafThatCoversAllOps() {
    assertThat(root.isRoot()).isTrue();
    assertThat(root.isLeaf()).isTrue();
    assertThat(root.ops()).containsExactly(x, a, b, c, d);
    assertThat(root.children()).isEmpty();
    assertThat(root.leafOf(b)).isSameAs(root);
    assertThat(root.inputTensors()).isEmpty();
    assertThat(root.outputTensors()).containsExactly(d.output());
  }

  @Test
  void oneOpLeavesComeInTopologicalOrder() {
    assertThat(root.createChildren())
        .extracting(Subgraph::name)
        .containsExactly("subgraph_x", "subgraph_a", "subgraph_b", "subgraph_c", "subgraph_d");
    assertThat(root.children()).allMatch(Subgraph::isLeaf).allMatch(s -> s.parent() == root);
    assertThat(root.leafOf(c).ops()).containsExactly(c);
  }

  @Test
  void childrenAreSortedByWhatTheyReadWhateverTheOrderOfTheGroups() {
    List<Subgraph> children =
        root.createChildren(List.of(List.of(d, c), List.of(b), List.of(x, a)));
    assertThat(children)
        .extracting(Subgraph::ops)
        .containsExactly(List.of(x, a), List.of(b), List.of(c, d));
    assertThat(root.children()).isEqualTo(children);
  }

  @Test
  void bordersAreWhatCrossesThem() {
    Subgraph middle = root.createChildren(List.of(List.of(x), List.of(a, b), List.of(c, d))).get(1);
    assertThat(middle.inputOps()).containsExactly(x);
    assertThat(middle.inputTensors()).containsExactly(x.output());
    assertThat(middle.outputOps()).containsExactly(a, b);
    assertThat(middle.outputTensors()).containsExactly(a.output(), b.output());
  }

  @Test
  void everyOpIsInExactlyOneGroup() {
    assertFails(
        ErrorCode.XIR_VALUE_UNMATCH,
        "op 'd' is in no group",
        () -> root.createChildren(List.of(List.of(x, a, b, c))));
    assertFails(
        ErrorCode.XIR_VALUE_UNMATCH,
        "op 'c' is in two groups",
        () -> root.createChildren(List.of(List.of(x, a, b, c), List.of(c, d))));
    assertFails(
        ErrorCode.XIR_VALUE_UNMATCH,
        "an empty group",
        () -> root.createChildren(List.of(List.of(x, a, b, c, d), List.of())));
    Op stranger = new Graph("other").addConst("k", TensorData.ofFloats(Shape.of(1), 1f));
    assertFails(
        ErrorCode.XIR_VALUE_UNMATCH,
        "op 'k' is not of this subgraph",
        () -> root.createChildren(List.of(List.of(x, a, b, c, d, stranger))));
    assertThat(root.isLeaf()).isTrue();
  }

  @Test
  void groupsThatNeedEachOtherAreRefused() {
    assertFails(
        ErrorCode.XIR_SUBGRAPH_HAS_CYCLE,
        "op 'a'",
        () -> root.createChildren(List.of(List.of(x), List.of(a, d), List.of(b, c))));
    assertThat(root.isLeaf()).isTrue();
  }

  @Test
  void childrenAreCreatedOnce() {
    root.createChildren();
    assertFails(
        ErrorCode.XIR_SUBGRAPH_CREATE_CHILDREN_FOR_NONLEAF, "5 children", root::createChildren);
  }

  @Test
  void mergedLeavesKeepNameAndAttributesOfTheFirst() {
    root.createChildren();
    Subgraph ofB = root.leafOf(b);
    ofB.setAttrs(Attrs.EMPTY.with("device", "DPU"));
    Subgraph merged = root.merge(List.of(ofB, root.leafOf(c), root.leafOf(d)));
    assertThat(merged.name()).isEqualTo("subgraph_b");
    assertThat(merged.device()).contains("DPU");
    assertThat(merged.ops()).containsExactly(b, c, d);
    assertThat(root.leafOf(d)).isSameAs(merged);
    assertThat(root.children()).hasSize(3).last().isSameAs(merged);
  }

  @Test
  void aMergeThatMakesACycleIsRefusedAndChangesNothing() {
    root.createChildren();
    List<Subgraph> before = root.children();
    assertFails(
        ErrorCode.XIR_SUBGRAPH_HAS_CYCLE,
        "op 'a'",
        () -> root.merge(List.of(root.leafOf(a), root.leafOf(d))));
    assertThat(root.children()).isEqualTo(before);
    assertThat(root.leafOf(a).ops()).containsExactly(a);
  }

  @Test
  void onlyLeafChildrenAreMerged() {
    List<Subgraph> children = root.createChildren(List.of(List.of(x, a), List.of(b, c, d)));
    children.get(1).createChildren();
    Subgraph grandchild = children.get(1).children().get(0);
    assertFails(
        ErrorCode.XIR_SUBGRAPH_INVALID_MERGE_REQUEST_NONCHILD,
        "not a child",
        () -> root.merge(List.of(children.get(0), grandchild)));
    assertFails(
        ErrorCode.XIR_SUBGRAPH_INVALID_MERGE_REQUEST_NONLEAF,
        "has children",
        () -> root.merge(children));
  }

  @Test
  void aBranchCoversWhatItsChildrenCover() {
    Subgraph branch = root.createChildren(List.of(List.of(x, a), List.of(b, c, d))).get(1);
    branch.createChildren(List.of(List.of(b), List.of(c, d)));
    assertThat(branch.ops()).containsExactly(b, c, d);
    assertThat(root.leafOf(c).parent()).isSameAs(branch);
    assertFails(ErrorCode.XIR_UNDEFINED_OP, "op 'x'", () -> branch.leafOf(x));
  }

  @Test
  void aNewOpBecomesALeafAndARemovedOneLeavesTheTree() {
    root.createChildren(List.of(List.of(x, a), List.of(b, c, d)));
    Op e = graph.add("e", "relu", Attrs.EMPTY, d);
    assertThat(root.leafOf(e).ops()).containsExactly(e);
    assertThat(root.children()).hasSize(3);
    graph.remove(e);
    assertThat(root.children()).hasSize(2);
    graph.remove(d);
    assertThat(root.leafOf(c).ops()).containsExactly(b, c);
  }

  @Test
  void rewiringShowsInTheOrderOfChildren() {
    root.createChildren();
    graph.replaceUses(b, c);
    assertThat(root.children()).extracting(s -> s.ops().get(0)).containsExactly(x, a, b, c, d);
    assertThat(root.leafOf(c).outputTensors()).containsExactly(c.output());
    assertThat(root.leafOf(b).outputTensors()).containsExactly(b.output());
  }
}
