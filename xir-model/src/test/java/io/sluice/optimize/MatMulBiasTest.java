package io.sluice.optimize;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.xir.Op;
import org.junit.jupiter.api.Test;

class MatMulBiasTest {
  private final Net net = new Net();
  private final Op product = net.matmul(net.input(1, 3, 4), net.random(4, 5));

  @Test
  void aConstantPerColumnOrForAllBecomesTheBias() {
    for (Op term : new Op[] {net.random(5), net.random(1, 1, 5), net.scalar(2)}) {
      Op y = net.op("add", term, net.matmul(net.input(1, 3, 4), net.random(4, 5)));
      assertThat(Checks.types(Checks.after(new MatMulBias(), net.returning(y))))
          .containsExactly("matmul");
    }
  }

  @Test
  void aConstantPerRowAndASecondTermStay() {
    Checks.untouched(new MatMulBias(), net.returning(net.op("add", product, net.random(3, 1))));
    Op y = net.op("add", net.op("add", product, net.random(5)), net.random(5));
    assertThat(Checks.types(Checks.after(new MatMulBias(), net.returning(y))))
        .containsExactly("matmul", "add");
  }

  @Test
  void aProductThatIsReadElsewhereKeepsItsValues() {
    Op y = net.op("add", product, net.random(5));
    Checks.untouched(new MatMulBias(), net.returning(y, net.opaque(product)));
  }
}
