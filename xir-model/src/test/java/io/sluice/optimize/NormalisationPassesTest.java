package io.sluice.optimize;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.xir.Attrs;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import java.util.List;
import org.junit.jupiter.api.Test;

class NormalisationPassesTest {
  private final Net net = new Net();
  private final Op x = net.input(1, 5, 8);

  private Op reduced(String type, Op op, int... axes) {
    return net.op(type, Attrs.EMPTY.with("axis", axes).with("keep_dims", true), op);
  }

  /** An op that XIR does not have, of the shape of its input. */
  private Op custom(String type, Op op) {
    Attrs attrs =
        Attrs.EMPTY.with("shape", op.output().shape().toArray()).with("data_type", "FLOAT32");
    return net.op(type, attrs, op);
  }

  private Op root(Op op) {
    return custom("onnx::Sqrt", op);
  }

  private Op sumOfSquares(int... axes) {
    return reduced("reduction_sum", net.op("mul", x, x), axes);
  }

  private void l2(Op y, double epsilon, int... axes) {
    Graph after = Checks.after(new L2Normalize(), net.returning(y));
    assertThat(Checks.types(after)).containsExactly("l2_normalize");
    assertThat(after.op(y.name()).attrs().getInts("axis")).isEqualTo(axes);
    assertThat(after.op(y.name()).attrs().getDouble("epsilon")).isEqualTo(epsilon);
  }

  @Test
  void l2NormalizeIsRecognisedInTheFormsOfTheGuideAndOfPyTorch() {
    l2(net.op("div", x, root(net.op("max", sumOfSquares(2), net.scalar(0.5)))), 0.5, 2);
    Op norm = root(net.op("max", net.scalar(0.25), sumOfSquares(1, -1)));
    l2(net.op("mul", custom("onnx::Reciprocal", norm), x), 0.25, 1, 2);
    l2(net.op("div", x, net.op("max", root(sumOfSquares(2)), net.scalar(0.5))), 0.25, 2);
  }

  @Test
  void aSumInsteadOfAMaximumOrAnotherTensorIsNoL2Normalize() {
    Op guarded = net.op("max", sumOfSquares(2), net.scalar(0.5));
    Checks.untouched(
        new L2Normalize(), net.returning(net.op("div", net.op("exp", x), root(guarded))));
    Op sum = net.op("add", sumOfSquares(2), net.scalar(0.5));
    Checks.untouched(new L2Normalize(), net.returning(net.op("div", x, root(sum))));
  }

  private Op mean(Op op) {
    return reduced("reduction_mean", op, -1);
  }

  private Op deviation(Op centred) {
    return root(net.op("add", mean(net.op("mul", centred, centred)), net.scalar(1e-3)));
  }

  @Test
  void layerNormWithScaleAndShiftBecomesOneOp() {
    Op centred = net.op("sub", x, mean(x));
    Op scaled = net.op("mul", net.op("div", centred, deviation(centred)), net.random(8));
    Op y = net.op("add", net.random(8), scaled);
    Graph after = Checks.after(new LayerNorm(), net.returning(y));
    assertThat(Checks.types(after)).containsExactly(LayerNorm.TYPE);
    assertThat(after.op(y.name()).inputs("input")).hasSize(3);
  }

  @Test
  void layerNormIsRecognisedWithTheMeanTakenTwiceAndAReciprocal() {
    Op one = net.op("sub", x, mean(x));
    Op two = net.op("sub", x, mean(x));
    Op y = net.op("mul", one, net.op("div", net.scalar(1), deviation(two)));
    assertThat(Checks.types(Checks.after(new LayerNorm(), net.returning(y))))
        .containsExactly(LayerNorm.TYPE);
  }

  @Test
  void layerNormThatIsReadElsewhereKeepsItsScaleApart() {
    Op centred = net.op("sub", x, mean(x));
    Op norm = net.op("div", centred, deviation(centred));
    Graph graph = net.returning(net.op("mul", norm, net.random(8)), net.opaque(norm));
    assertThat(Checks.types(Checks.after(new LayerNorm(), graph)))
        .containsExactlyInAnyOrder(LayerNorm.TYPE, "mul", "tanh");
  }

  @Test
  void otherAxesAreNoLayerNorm() {
    Op centred = net.op("sub", x, reduced("reduction_mean", x, 1));
    Op variance = reduced("reduction_mean", net.op("mul", centred, centred), 1);
    Op y = net.op("div", centred, root(net.op("add", variance, net.scalar(1e-3))));
    Checks.untouched(new LayerNorm(), net.returning(y));
  }

  @Test
  void aMeanOverHeightAndWidthIsAnAveragePool() {
    Op map = net.input(1, 4, 6, 3);
    Op kept = reduced("reduction_mean", map, 2, 1);
    Attrs dropping = Attrs.EMPTY.with("axis", new int[] {1, -2}).with("keep_dims", false);
    Op dropped = net.op("reduction_mean", dropping, map);
    Op columns = reduced("reduction_mean", map, 2);
    List<String> types =
        Checks.types(Checks.after(new MeanToPool(), net.returning(kept, dropped, columns)));
    assertThat(types)
        .containsExactlyInAnyOrder("avgpool2d", "avgpool2d", "reshape", "reduction_mean");
  }
}
