package io.sluice.optimize;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.xir.Attrs;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MovementPassesTest {
  private final Net net = new Net();
  private final Op x = net.input(1, 4, 6, 3);

  private List<String> types(Pass pass, Op... outputs) {
    return Checks.types(Checks.after(pass, net.returning(outputs)));
  }

  @Test
  void shapeChangesInTurnBecomeOneOrNone() {
    Pass pass = new ReshapeMerging();
    Op flat = net.op("flatten", Attrs.EMPTY.with("start_axis", 1).with("end_axis", 2), x);
    Op wide = net.reshape(net.op("squeeze", flat), 6, 12);
    assertThat(types(pass, net.opaque(wide))).containsExactly("reshape", "tanh");
    Op back = net.reshape(flat, 1, 4, 6, 3);
    assertThat(types(pass, net.opaque(back), net.op("exp", flat)))
        .containsExactlyInAnyOrder("flatten", "exp", "tanh");
    assertThat(types(pass, net.reshape(flat, 72), net.op("exp", flat)))
        .containsExactlyInAnyOrder("flatten", "exp", "reshape");
  }

  @Test
  void aProductFlattensByItself() {
    Op flat = net.reshape(x, 1, 72);
    Op y =
        net.with(
            "inner-product",
            Attrs.EMPTY.with("axis", 1),
            flat,
            Map.of("weights", net.random(5, 72), "bias", net.random(5)));
    assertThat(types(new ReshapeMerging(), y)).containsExactly("inner-product");
  }

  @Test
  void transposesInTurnBecomeOneOrNone() {
    Pass pass = new TransposeMerging();
    Op planes = net.transpose(x, 0, 3, 1, 2);
    assertThat(types(pass, net.transpose(planes, 0, 1, 3, 2))).containsExactly("transpose");
    assertThat(types(pass, net.opaque(net.transpose(planes, 0, 2, 3, 1)))).containsExactly("tanh");
    Op between = net.op("relu", net.op("sigmoid", planes));
    assertThat(types(pass, net.transpose(between, 0, 2, 3, 1))).containsExactly("sigmoid", "relu");
    assertThat(types(pass, net.transpose(between, 3, 1, 2, 0)))
        .containsExactly("transpose", "sigmoid", "relu");
  }

  @Test
  void transposesThatAreReadElsewhereStay() {
    Op planes = net.transpose(x, 0, 3, 1, 2);
    Op y = net.transpose(net.op("relu", planes), 0, 2, 3, 1);
    Checks.untouched(new TransposeMerging(), net.returning(y, net.opaque(planes)));
  }

  @Test
  void aTransposeOfSingleDimensionsIsAReshape() {
    Op row = net.input(1, 1, 6, 3);
    assertThat(types(new TransposeMerging(), net.transpose(row, 0, 2, 1, 3)))
        .containsExactly("reshape");
  }

  @Test
  void aTransposeOfTheLastTwoGoesIntoTheProduct() {
    Pass pass = new TransposeMerging();
    Op a = net.transpose(net.input(2, 4, 3), 0, 2, 1);
    Op b = net.input(2, 4, 5);
    assertThat(types(pass, net.matmul(a, b))).containsExactly("matmul");
    Op c = net.transpose(net.input(2, 5, 3), 0, 2, 1);
    Op d = net.transpose(net.input(2, 6, 5), 0, 2, 1);
    Graph after = Checks.after(pass, net.returning(net.matmul(c, d)));
    assertThat(Checks.types(after)).containsExactly("matmul");
    Op turned = net.transpose(net.input(4, 2, 3), 1, 2, 0);
    Checks.untouched(pass, net.returning(net.matmul(turned, b)));
  }

  @Test
  void anActivationMovesNextToItsConvolution() {
    Pass pass = new ActivationHoisting();
    Op act = net.op("hard-swish", net.reshape(net.conv(x, 4, 3), 1, 24, 4));
    assertThat(types(pass, net.opaque(act)))
        .containsExactly("conv2d", "hard-swish", "reshape", "tanh");
    Op pooled = net.op("maxpool2d", Net.window(2, 2, 0), net.conv(x, 4, 3));
    assertThat(types(pass, net.op("relu", pooled))).containsExactly("conv2d", "relu", "maxpool2d");
    Op both = net.transpose(net.reshape(net.conv(x, 4, 1), 1, 24, 4), 0, 2, 1);
    Checks.untouched(pass, net.returning(net.op("relu", net.reshape(both, 96))));
  }

  @Test
  void anActivationStaysWhereItsConvolutionIsReadElsewhere() {
    Op conv = net.conv(x, 4, 3);
    Op act = net.op("relu", net.reshape(conv, 1, 24, 4));
    Checks.untouched(new ActivationHoisting(), net.returning(act, net.opaque(conv)));
    Op leaky = net.op("hard-swish", net.op("maxpool2d", Net.window(2, 2, 0), net.conv(x, 4, 3)));
    Checks.untouched(new ActivationHoisting(), net.returning(leaky));
  }
}
