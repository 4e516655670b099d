package io.sluice.xir;

import static io.sluice.xir.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.error.ErrorCode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GraphTest {
  private final Graph graph = new Graph("g");

  private Op data(String name, int... shape) {
    return graph.add(name, "data", Attrs.EMPTY.with("shape", shape).with("data_type", "FLOAT32"));
  }

  private Op relu(String name, Op input) {
    return graph.add(name, "relu", Attrs.EMPTY, input);
  }

  private Op add(String name, Op... inputs) {
    return graph.add(name, "add", Attrs.EMPTY, inputs);
  }

  @Test
  void anOpNameIsUnique() {
    data("x", 1, 4);
    assertFails(ErrorCode.XIR_MULTI_DEFINED_OP, "'x'", () -> data("x", 1, 4));
  }

  @Test
  void anOpHasAName() {
    assertFails(ErrorCode.XIR_UNEXPECTED_VALUE, "without a name", () -> data("", 1, 4));
  }

  @Test
  void aTensorNameIsUnique() {
    Op x = data("x", 1, 4);
    Tensor taken = new Tensor("x", DataType.FLOAT32, Shape.of(1, 4));
    assertFails(
        ErrorCode.XIR_MULTI_DEFINED_TENSOR,
        "'x'",
        () -> graph.add("y", "relu", Attrs.EMPTY, Map.of("input", List.of(x)), taken));
    assertThat(graph.has("y")).isFalse();
    assertThat(x.fanOut()).isEmpty();
  }

  @Test
  void anOpReadsOnlyOpsOfItsGraph() {
    Op stranger = new Graph("other").addConst("c", TensorData.ofFloats(Shape.of(1), 1f));
    assertFails(ErrorCode.XIR_UNDEFINED_OP, "not in the graph", () -> relu("y", stranger));
  }

  @Test
  void aDeclaredShapeMustBeTheInferredOne() {
    Op x = data("x", 1, 4);
    Tensor wrong = new Tensor("t", DataType.FLOAT32, Shape.of(1, 5));
    assertFails(
        ErrorCode.XIR_SHAPE_UNMATCH,
        "[1, 5] where [1, 4]",
        () -> graph.add("y", "relu", Attrs.EMPTY, Map.of("input", List.of(x)), wrong));
  }

  @Test
  void theDeclaredNameTypeAndAttributesAreKept() {
    Op x = data("x", 1, 4);
    Tensor declared =
        new Tensor("t", DataType.XINT8, Shape.of(1, 4), Attrs.EMPTY.with("fix_point", 3));
    Op y = graph.add("y", "relu", Attrs.EMPTY, Map.of("input", List.of(x)), declared);
    assertThat(y.output()).isEqualTo(declared);
    assertThat(graph.producer("t")).isSameAs(y);
  }

  @Test
  void topologicalOrderPutsEveryOpAfterItsInputsWhateverTheOrderOfChanges() {
    Op x = data("x", 1, 4);
    Op a = relu("a", x);
    Op b = relu("b", a);
    Op c = relu("c", x);
    graph.replaceUses(a, c);
    assertThat(graph.topologicalOrder()).containsExactly(x, a, c, b);
    assertThat(graph.ops()).containsExactly(x, a, b, c);
  }

  @Test
  void replaceUsesLeavesTheReplacementReadingTheOriginal() {
    Op x = data("x", 1, 4);
    Op a = relu("a", x);
    Op b = relu("b", a);
    Op fix =
        graph.add(
            "f",
            "fix",
            Attrs.EMPTY
                .with("fix_point", 4)
                .with("bit_width", 8)
                .with("round_mode", "DPU_ROUND")
                .with("if_signed", true),
            a);
    graph.replaceUses(a, fix);
    assertThat(b.input()).isSameAs(fix);
    assertThat(fix.input()).isSameAs(a);
    assertThat(a.fanOut()).containsExactly(fix);
    assertThat(fix.fanOut()).containsExactly(b);
  }

  @Test
  void replaceUsesRefusesACycleAndChangesNothing() {
    Op x = data("x", 1, 4);
    Op a = relu("a", x);
    Op other = relu("other", x);
    Op b = relu("b", a);
    assertFails(ErrorCode.XIR_SUBGRAPH_HAS_CYCLE, "'a'", () -> graph.replaceUses(x, b));
    assertThat(x.fanOut()).containsExactly(a, other);
    assertThat(other.input()).isSameAs(x);
  }

  @Test
  void replaceUsesRefusesAnotherShape() {
    Op x = data("x", 1, 4);
    Op z = data("z", 1, 5);
    relu("a", x);
    assertFails(ErrorCode.XIR_SHAPE_UNMATCH, "[1, 5]", () -> graph.replaceUses(x, z));
  }

  @Test
  void removeRefusesAnOpThatIsRead() {
    Op x = data("x", 1, 4);
    relu("a", x);
    assertFails(ErrorCode.XIR_REMOVE_OP_FAIL, "still read by a", () -> graph.remove(x));
  }

  @Test
  void removeForgetsTheOpItsTensorAndItsReading() {
    Op x = data("x", 1, 4);
    Op a = relu("a", x);
    graph.remove(a);
    assertThat(graph.has("a")).isFalse();
    assertThat(graph.producer("a")).isNull();
    assertThat(x.fanOut()).isEmpty();
    relu("a", x);
    assertFails(ErrorCode.XIR_UNDEFINED_OP, "another graph", () -> graph.remove(a));
  }

  @Test
  void anOpThatReadsAnotherTwiceIsOneReader() {
    Op x = data("x", 1, 4);
    Op twice = add("twice", x, x);
    assertThat(x.fanOut()).containsExactly(twice);
    assertThat(twice.inputs("input")).containsExactly(x, x);
    graph.remove(twice);
    assertThat(x.fanOut()).isEmpty();
  }

  @Test
  void aTensorCanBeRenamedButNotToATakenName() {
    Op x = data("x", 1, 4);
    Op a = relu("a", x);
    a.setOutput(a.output().withName("t"));
    assertThat(graph.producer("t")).isSameAs(a);
    assertThat(graph.producer("a")).isNull();
    assertFails(
        ErrorCode.XIR_MULTI_DEFINED_TENSOR, "'x'", () -> a.setOutput(a.output().withName("x")));
  }

  @Test
  void inputsAreDataOpsAndOutputsAreWhatNothingReads() {
    Op x = data("x", 1, 4);
    graph.addConst("unused", TensorData.ofFloats(Shape.of(1), 1f));
    Op a = relu("a", x);
    Op b = relu("b", x);
    assertThat(graph.inputs()).containsExactly(x);
    assertThat(graph.outputs()).containsExactly(a, b);
  }

  @Test
  void aDeepGraphIsOrderedWithoutRecursion() {
    Op op = data("x", 1, 4);
    for (int i = 0; i < 20_000; i++) {
      op = relu("r" + i, op);
    }
    assertThat(graph.topologicalOrder()).hasSize(20_001).last().isSameAs(op);
  }
}
