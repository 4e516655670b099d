package io.sluice.optimize;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.xir.AttrValue;
import io.sluice.xir.Attrs;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PadFoldingTest {
  private final Net net = new Net();
  private final Op x = net.input(1, 7, 6, 2);
  private final Pass pass = new PadFolding();

  /** Top, bottom, left, right. */
  private Op pad(Op input, float fill, int... sides) {
    int[] paddings = {0, 0, sides[0], sides[1], sides[2], sides[3], 0, 0};
    Attrs attrs = Attrs.EMPTY.with("paddings", paddings).with("mode", "CONSTANT");
    return net.op("pad", attrs.with("constant_values", AttrValue.ofFloats(fill)), input);
  }

  private Op conv(Op input, int pad, String mode) {
    Map<String, Op> weights = Map.of("weights", net.random(3, 3, 3, 2));
    return net.with("conv2d", Net.window(3, 2, pad).with("pad_mode", mode), input, weights);
  }

  private void folded(Op y, String... types) {
    assertThat(Checks.types(Checks.after(pass, net.returning(y)))).containsExactly(types);
  }

  private void untouched(Op... y) {
    Checks.untouched(pass, net.returning(y));
  }

  @Test
  void zerosGoIntoAConvolution() {
    folded(conv(pad(x, 0, 0, 1, 2, 1), 0, "VALID"), "conv2d");
    Graph after = Checks.after(pass, net.returning(conv(pad(x, 0, 1, 0, 0, 1), 1, "FLOOR")));
    assertThat(after.op("conv2d2").attrs().getInts("pad")).containsExactly(1, 2, 2, 1);
  }

  @Test
  void anotherValueAPadOfChannelsOrMoreThanTheKernelStays() {
    untouched(conv(pad(x, 1, 1, 1, 1, 1), 0, "FLOOR"));
    untouched(conv(pad(x, 0, 2, 2, 2, 2), 1, "FLOOR"));
    untouched(conv(pad(x, 0, 1, 1, 1, 1), 0, "SAME"));
    untouched(conv(pad(x, 0, 1, 1, 1, 1), 1, "VALID"));
    Attrs channels =
        Attrs.EMPTY.with("paddings", new int[] {0, 0, 1, 1, 1, 1, 1, 0}).with("mode", "CONSTANT");
    untouched(conv(net.op("pad", channels, net.input(1, 4, 4, 1)), 0, "FLOOR"));
    Attrs mirrored = channels.with("paddings", new int[] {0, 0, 1, 1, 1, 1, 0, 0});
    untouched(conv(net.op("pad", mirrored.with("mode", "REFLECT"), x), 0, "FLOOR"));
  }

  @Test
  void zerosGoIntoAMaxPoolOfWhatIsNotNegativeAndTheLeastValueIntoAny() {
    folded(
        net.op("maxpool2d", Net.window(3, 2, 0), pad(x, -Float.MAX_VALUE, 1, 1, 1, 1)),
        "maxpool2d");
    Op relu = net.op("relu", x);
    folded(net.op("maxpool2d", Net.window(3, 2, 0), pad(relu, 0, 1, 1, 1, 1)), "relu", "maxpool2d");
    untouched(net.op("maxpool2d", Net.window(3, 2, 0), pad(x, 0, 1, 1, 1, 1)));
  }

  @Test
  void zerosGoIntoAnAveragePoolThatCountsThem() {
    Attrs excluded = Net.window(3, 1, 0).with("count_include_pad", false);
    folded(net.op("avgpool2d", excluded, pad(x, 0, 1, 1, 0, 2)), "avgpool2d");
    folded(net.op("avgpool2d", Net.window(3, 1, 1), pad(x, 0, 1, 0, 0, 1)), "avgpool2d");
    Attrs own = Net.window(3, 1, 1).with("count_include_pad", false);
    untouched(net.op("avgpool2d", own, pad(x, 0, 1, 1, 1, 1)));
  }

  @Test
  void aPadThatSomethingElseReadsOrThatIsAnOutputStays() {
    Op pad = pad(x, 0, 1, 1, 1, 1);
    untouched(conv(pad, 0, "FLOOR"), net.opaque(pad));
    untouched(conv(pad, 0, "FLOOR"), pad);
    Op two = pad(x, 0, 1, 1, 1, 1);
    Graph both = net.returning(conv(two, 0, "FLOOR"), conv(two, 1, "FLOOR"));
    assertThat(Checks.types(Checks.after(pass, both))).containsExactly("conv2d", "conv2d");
  }
}
