package io.sluice.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.xir.Attrs;
import io.sluice.xir.Op;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PassOrderTest {
  private record Waiting(Set<Class<? extends Pass>> after) implements Pass {
    @Override
    public Rewrite.Replacement match(Op op, Set<Op> outputs) {
      return null;
    }
  }

  /** Puts an op in the place of itself. */
  private static final class Restless implements Pass {
    @Override
    public Rewrite.Replacement match(Op op, Set<Op> outputs) {
      return op.type().equals("relu")
          ? new Rewrite.Replacement(
              List.of(op.input()),
              r -> r.target().add(op.name(), "relu", Attrs.EMPTY, r.image(op.input())))
          : null;
    }
  }

  @Test
  void theOrderDoesNotDependOnHowThePassesAreListed() {
    List<String> names = names(PassOrder.of(FloatPasses.all()));
    List<Pass> shuffled = new ArrayList<>(FloatPasses.all());
    Random random = new Random(3);
    for (int i = 0; i < 20; i++) {
      Collections.shuffle(shuffled, random);
      assertThat(names(PassOrder.of(shuffled))).isEqualTo(names);
    }
  }

  private static List<String> names(PassOrder order) {
    return order.passes().stream().map(Pass::name).toList();
  }

  @Test
  void everyPassComesAfterThoseThatItNames() {
    List<Pass> order = PassOrder.of(FloatPasses.all()).passes();
    for (int i = 0; i < order.size(); i++) {
      for (Pass later : order.subList(i, order.size())) {
        assertThat(order.get(i).after()).doesNotContain(later.getClass());
      }
    }
  }

  @Test
  void passesThatWaitForEachOtherAreRefused() {
    assertThatThrownBy(() -> PassOrder.of(List.of(new Waiting(Set.of(Waiting.class)))))
        .hasMessageContaining("wait for each other");
    assertThatThrownBy(() -> PassOrder.of(List.of(new Waiting(Set.of()), new Waiting(Set.of()))))
        .hasMessageContaining("two passes Waiting");
  }

  @Test
  void aPassThatMakesNoProgressIsStopped() {
    Net net = new Net();
    PassOrder order = PassOrder.of(List.of(new Restless()));
    assertThatThrownBy(() -> order.run(net.returning(net.op("relu", net.input(1, 2)))))
        .hasMessageContaining("Restless made no progress");
  }

  @Test
  void whatNoOutputDependsOnGoesAndInputsStay() {
    Net net = new Net();
    Op x = net.input(1, 2);
    net.input(1, 3);
    net.op("add", x, net.random(1, 2));
    Op y = net.opaque(x);
    assertThat(Checks.types(PassOrder.of(FloatPasses.all()).run(net.returning(y))))
        .containsExactly("tanh");
  }
}
