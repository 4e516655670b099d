package io.sluice.optimize;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.xir.AttrValue;
import io.sluice.xir.Attrs;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import org.junit.jupiter.api.Test;

class IdentityRemovalTest {
  private final Net net = new Net();
  private final Op x = net.input(1, 4, 4, 2);

  private void removed(Op identity) {
    Op y = net.opaque(identity);
    Graph after = Checks.after(new IdentityRemoval(), net.returning(y));
    assertThat(Checks.types(after)).containsExactly("tanh");
    assertThat(after.op(y.name()).input().name()).isEqualTo(x.name());
  }

  @Test
  void whatGivesItsInputBackGoes() {
    removed(net.op("identity", x));
    removed(net.op("cast", Attrs.EMPTY.with("data_type", "FLOAT32"), x));
    removed(net.op("mul", net.values(Shape.of(2), 1, 1), x));
    removed(net.op("sub", x, net.scalar(0)));
    removed(net.transpose(x, 0, 1, 2, 3));
    removed(net.reshape(x, 1, 4, 4, 2));
    removed(net.op("maxpool2d", Net.window(1, 1, 0), x));
    removed(
        net.op(
            "pad",
            Attrs.EMPTY.with("paddings", new int[8]).with("mode", "CONSTANT"),
            net.op("identity", x)));
    removed(
        net.op(
            "resize",
            Attrs.EMPTY.with("mode", "BILINEAR").with("scale", AttrValue.ofFloats(1, 1)),
            x));
  }

  @Test
  void aDifferenceFromZeroAndAQuotientOfOneStay() {
    Op negative = net.op("sub", net.scalar(0), x);
    Op inverse = net.op("div", net.scalar(1), negative);
    Checks.untouched(new IdentityRemoval(), net.returning(inverse));
  }

  @Test
  void aSumWithZerosThatBroadcastsStays() {
    Op wider = net.op("add", net.input(1, 1, 1, 2), net.values(Shape.of(3, 1), 0, 0, 0));
    Checks.untouched(new IdentityRemoval(), net.returning(wider, net.opaque(x)));
  }

  @Test
  void anActivationOfValuesInItsRangeGoes() {
    Op six = net.op("relu6", x);
    Op pooled = net.op("maxpool2d", Net.window(2, 2, 0), six);
    Op again = net.op("relu", net.op("relu6", pooled));
    Graph after = Checks.after(new IdentityRemoval(), net.returning(net.opaque(again)));
    assertThat(Checks.types(after)).containsExactly("relu6", "maxpool2d", "tanh");
  }

  @Test
  void anOutputGivesItsNameToTheOpBefore() {
    Op y = net.op("identity", net.opaque(x));
    Graph after = Checks.after(new IdentityRemoval(), net.returning(y));
    assertThat(after.op(y.name()).type()).isEqualTo("tanh");
  }

  @Test
  void anOutputStaysAnIdentityWhereTheOpBeforeIsReadElsewhereOrIsAnInput() {
    Op t = net.opaque(x);
    Checks.untouched(new IdentityRemoval(), net.returning(net.op("identity", t), net.op("exp", t)));
    Op z = net.input(1, 2);
    Checks.untouched(new IdentityRemoval(), net.returning(net.op("identity", z)));
    Graph graph = net.returning(net.reshape(t, 1, 4, 4, 2), net.op("exp", t));
    assertThat(Checks.types(Checks.after(new IdentityRemoval(), graph)))
        .containsExactlyInAnyOrder("tanh", "identity", "exp");
  }
}
