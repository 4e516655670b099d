package io.sluice.xir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Custom ops whose definition is found on the class path. */
class CustomOpDefinitionsTest {
  private final Graph graph = new Graph("custom");
  private final Op x =
      graph.add(
          "x", "data", Attrs.EMPTY.with("shape", new int[] {1, 2, 3}).with("data_type", "FLOAT32"));

  @Test
  void theDefinitionSaysTheOutputAndIsRegisteredWhenItIsUsed() {
    assertThat(graph.library().customDefinitions()).isEmpty();
    Op wide = graph.add("wide", ExampleOps.WIDEN, Attrs.EMPTY.with("times", 4), x);
    assertThat(wide.output().shape()).isEqualTo(Shape.of(1, 2, 12));
    assertThat(graph.library().isBuiltIn(ExampleOps.WIDEN)).isFalse();
    assertThat(graph.library().customDefinitions())
        .extracting(OpDef::type)
        .containsExactly(ExampleOps.WIDEN);
  }

  @Test
  void attributesAndArgumentsAreChecked() {
    assertThatThrownBy(() -> graph.add("y", ExampleOps.WIDEN, Attrs.EMPTY, x))
        .hasMessageContaining("times");
    Attrs twice = Attrs.EMPTY.with("times", 2);
    assertThatThrownBy(() -> graph.add("y", ExampleOps.WIDEN, twice.with("times", "2"), x))
        .hasMessageContaining("times");
    assertThatThrownBy(() -> graph.add("y", ExampleOps.WIDEN, twice, x, x))
        .hasMessageStartingWith("XIR_INVALID_ARG_OCCUR");
    assertThat(graph.library().has(ExampleOps.WIDEN)).isFalse();
  }
}
