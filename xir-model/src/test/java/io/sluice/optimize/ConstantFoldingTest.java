package io.sluice.optimize;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import org.junit.jupiter.api.Test;

class ConstantFoldingTest {
  private final Net net = new Net();

  @Test
  void arithmeticOfConstantsIsDoneOnce() {
    Op sum = net.op("add", net.random(3, 1), net.random(1, 4), net.random(4));
    Op ratio = net.op("div", net.op("exp", sum), net.op("max", net.random(3, 4), net.scalar(0.5)));
    Op turned = net.transpose(net.reshape(net.op("neg", ratio), 2, 3, 2), 2, 0, 1);
    Op y = net.op("mul", net.input(2, 2, 3), turned);
    assertThat(Checks.types(Checks.after(new ConstantFolding(), net.returning(y))))
        .containsExactly("mul");
  }

  @Test
  void valuesAreThoseOfTheFormula() {
    Op a = net.values(Shape.of(2, 1), 1, 2);
    Op b = net.values(Shape.of(3), 10, 20, 30);
    Op y = net.op("add", net.op("mul", a, b), net.input(2, 3));
    Graph after = Checks.after(new ConstantFolding(), net.returning(y));
    assertThat(after.op("mul1").constData().toFloats()).containsExactly(10, 20, 30, 20, 40, 60);
  }

  @Test
  void anOutputStaysAnOp() {
    Op y = net.op("neg", net.random(3));
    Checks.untouched(new ConstantFolding(), net.returning(y, net.opaque(net.input(1))));
  }

  @Test
  void aLargeConstantIsMadeOnlyInPlaceOfAnother() {
    Op large = net.random(200, 100);
    Op sum = net.op("add", large, net.random(100));
    assertThat(Checks.types(Checks.after(new ConstantFolding(), net.returning(net.opaque(sum)))))
        .containsExactly("tanh");
  }

  @Test
  void littleIsNotBroadcastToMuchAndMuchIsNotCopied() {
    Op broadcast = net.op("add", net.random(200, 1), net.random(1, 100));
    Op shared = net.random(200, 100);
    Op copy = net.op("neg", shared);
    Op other = net.op("exp", shared);
    Checks.untouched(
        new ConstantFolding(),
        net.returning(net.opaque(broadcast), net.opaque(copy), net.opaque(other)));
  }
}
