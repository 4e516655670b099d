package io.sluice.optimize;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

class ActivationsTest {
  private static final Pass MERGING = new ActivationMerging();

  /** The types after a pass of what is built on an input, each before a tanh. */
  private static List<String> types(Pass pass, BiFunction<Net, Op, Op> pattern) {
    Net net = new Net();
    Op x = net.input(1, 3, 3, 2);
    return Checks.types(
        Checks.after(pass, net.returning(net.opaque(pattern.apply(net, net.op("exp", x))))));
  }

  @Test
  void clipsOfTwoOpsBecomeOneActivation() {
    assertThat(types(MERGING, (n, x) -> n.op("max", x, n.scalar(0))))
        .containsExactly("exp", "relu", "tanh");
    assertThat(types(MERGING, (n, x) -> n.op("min", n.scalar(6), n.op("max", x, n.scalar(0)))))
        .containsExactly("exp", "relu6", "tanh");
    assertThat(types(MERGING, (n, x) -> n.op("max", n.op("min", x, n.scalar(6)), n.scalar(0))))
        .containsExactly("exp", "relu6", "tanh");
    assertThat(types(MERGING, (n, x) -> n.op("relu6", n.op("relu", x))))
        .containsExactly("exp", "relu6", "tanh");
    assertThat(types(MERGING, (n, x) -> n.op("max", x, n.scalar(0.5))))
        .containsExactly("exp", "max", "tanh");
  }

  @Test
  void aReluThatIsReadElsewhereStaysForItsOtherReaders() {
    Net net = new Net();
    Op relu = net.op("relu", net.input(1, 4));
    Op six = net.op("relu6", relu);
    Graph after = Checks.after(MERGING, net.returning(six, net.opaque(relu)));
    assertThat(after.op(six.name()).input().type()).isEqualTo("data");
    assertThat(Checks.types(after)).containsExactlyInAnyOrder("relu", "relu6", "tanh");
    Op least = net.op("min", net.input(1, 4), net.scalar(6));
    Checks.untouched(MERGING, net.returning(net.op("relu", least), net.opaque(least)));
  }

  private static Op gate(Net n, Op x) {
    return n.op("relu6", n.op("add", n.scalar(3), x));
  }

  @Test
  void hardSigmoidsAreRecognised() {
    Pass pass = new HardSigmoids();
    assertThat(types(pass, (n, x) -> n.op("div", gate(n, x), n.scalar(6))))
        .containsExactly("exp", "hard-sigmoid", "tanh");
    assertThat(types(pass, (n, x) -> n.op("mul", n.scalar(1 / 6.0), gate(n, x))))
        .containsExactly("exp", "hard-sigmoid", "tanh");
    assertThat(types(pass, (n, x) -> n.op("div", gate(n, x), n.scalar(7))))
        .containsExactly("exp", "add", "relu6", "div", "tanh");
  }

  private static Op line(Net n, Op x, double a, double b) {
    return n.op("add", n.op("mul", x, n.scalar(a)), n.scalar(b));
  }

  @Test
  void aClippedLineIsTheHardSigmoidOfAnotherLine() {
    Pass pass = new HardSigmoids();
    BiFunction<Net, Op, Op> keras =
        (n, x) -> n.op("min", n.op("relu", line(n, x, 0.2, 0.5)), n.scalar(1));
    assertThat(types(pass, keras)).containsExactly("exp", "mul", "hard-sigmoid", "tanh");
    assertThat(
            types(pass, (n, x) -> n.op("relu", n.op("min", line(n, x, 1 / 6.0, 0.5), n.scalar(1)))))
        .containsExactly("exp", "hard-sigmoid", "tanh");
    assertThat(types(pass, (n, x) -> n.op("relu", n.op("min", line(n, x, 0.3, 0.4), n.scalar(1)))))
        .containsExactly("exp", "mul", "add", "hard-sigmoid", "tanh");
  }

  @Test
  void aClippedLineThatIsReadElsewhereIsLeftAlone() {
    Net net = new Net();
    Op line = line(net, net.input(1, 4), 0.2, 0.5);
    Op clip = net.op("min", net.op("relu", line), net.scalar(1));
    Checks.untouched(new HardSigmoids(), net.returning(clip, net.opaque(line)));
  }

  @Test
  void hardSwishesAreRecognised() {
    Pass pass = new HardSwishes();
    List<String> found = List.of("exp", "hard-swish", "tanh");
    assertThat(types(pass, (n, x) -> n.op("div", n.op("mul", x, gate(n, x)), n.scalar(6))))
        .isEqualTo(found);
    assertThat(types(pass, (n, x) -> n.op("mul", n.op("mul", gate(n, x), x), n.scalar(1 / 6.0))))
        .isEqualTo(found);
    assertThat(types(pass, (n, x) -> n.op("mul", n.op("hard-sigmoid", x), x))).isEqualTo(found);
    assertThat(types(pass, (n, x) -> n.op("mul", n.op("mul", x, n.scalar(1 / 6.0)), gate(n, x))))
        .isEqualTo(found);
    assertThat(types(pass, (n, x) -> n.op("mul", n.op("hard-sigmoid", n.op("exp", x)), x)))
        .containsExactly("exp", "exp", "hard-sigmoid", "mul", "tanh");
  }

  @Test
  void leakyRelusAreRecognised() {
    Pass pass = new LeakyRelus();
    List<String> found = List.of("exp", "leaky-relu", "tanh");
    assertThat(types(pass, (n, x) -> n.op("max", n.op("mul", n.scalar(0.1), x), x)))
        .isEqualTo(found);
    assertThat(
            types(
                pass,
                (n, x) ->
                    n.op(
                        "sub",
                        n.op("relu", x),
                        n.op("mul", n.op("relu", n.op("neg", x)), n.scalar(0.25)))))
        .isEqualTo(found);
    assertThat(
            types(
                pass,
                (n, x) ->
                    n.op(
                        "add",
                        n.op("mul", n.op("relu", n.op("mul", x, n.scalar(-1))), n.scalar(-0.3)),
                        n.op("relu", x))))
        .isEqualTo(found);
    assertThat(types(pass, (n, x) -> n.op("max", n.op("mul", n.scalar(1.5), x), x)))
        .containsExactly("exp", "mul", "max", "tanh");
  }
}
