package io.sluice.optimize;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.xir.AttrValue;
import io.sluice.xir.Attrs;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DpuPassesTest {
  private static final Set<String> ON_DPU =
      Set.of("conv2d", "depthwise-conv2d", "relu", "relu6", "maxpool2d", "data");

  private final Net net = new Net();
  private final Op x = net.input(1, 4, 6, 3);

  private Graph after(Pass pass, Op... outputs) {
    return Checks.after(pass, net.returning(outputs));
  }

  @Test
  void theRowsOfAProductAreThePixelsOfAConvolution() {
    Op y = net.matmul(net.input(1, 5, 4), net.random(4, 7));
    assertThat(Checks.types(after(new ProductToConv(), y)))
        .containsExactly("reshape", "conv2d", "reshape");
    Op turned =
        net.op(
            "matmul",
            Attrs.EMPTY.with("transpose_a", false).with("transpose_b", true),
            net.input(1, 5, 4),
            net.random(7, 4));
    assertThat(Checks.types(after(new ProductToConv(), turned)))
        .containsExactly("reshape", "conv2d", "reshape");
  }

  @Test
  void aProductOfAFlattenedMapIsAConvolutionByAKernelOfItsSize() {
    Op planes = net.reshape(net.transpose(net.opaque(x), 0, 3, 1, 2), 1, 72);
    Op pixels = net.reshape(net.opaque(x), 1, 72);
    for (Op flat : List.of(planes, pixels)) {
      Graph after = after(new ProductToConv(), net.matmul(flat, net.random(72, 5)));
      assertThat(Checks.types(after)).containsExactly("tanh", "conv2d", "reshape");
      Op conv =
          after.topologicalOrder().stream()
              .filter(o -> o.type().equals("conv2d"))
              .findAny()
              .orElseThrow();
      assertThat(conv.attrs().getInts("kernel")).containsExactly(6, 4);
    }
  }

  @Test
  void aMapThatNoKernelCoversIsFlattened() {
    Op flat = net.reshape(net.input(1, 2, 17, 3), 1, 102);
    assertThat(Checks.types(after(new ProductToConv(), net.matmul(flat, net.random(102, 5)))))
        .containsExactly("reshape", "reshape", "conv2d", "reshape");
  }

  @Test
  void anInnerProductIsAConvolution() {
    Map<String, Op> others = Map.of("weights", net.random(5, 72), "bias", net.random(5));
    Op y = net.with("inner-product", Attrs.EMPTY.with("axis", 1), x, others);
    assertThat(Checks.types(after(new ProductToConv(), y))).containsExactly("conv2d", "reshape");
    Op rows =
        net.with(
            "inner-product", Attrs.EMPTY.with("axis", 3), x, Map.of("weights", net.random(5, 3)));
    assertThat(Checks.types(after(new ProductToConv(), rows)))
        .containsExactly("reshape", "conv2d", "reshape");
  }

  @Test
  void aProductOfSeveralSamplesOrOfTwoTensorsStays() {
    Op batch = net.matmul(net.input(2, 4), net.random(4, 5));
    Op both = net.matmul(net.input(1, 3, 4), net.input(1, 4, 5));
    Checks.untouched(new ProductToConv(), net.returning(batch, both));
  }

  private Pass affine() {
    return new AffineToDepthwise(op -> ON_DPU.contains(op.type()));
  }

  @Test
  void aScaleOrShiftBetweenOpsOfADpuBecomesADepthwiseConvolution() {
    Op relu = net.op("relu", x);
    for (Op y :
        List.of(
            net.op("mul", relu, net.random(3)),
            net.op("sub", relu, net.scalar(2)),
            net.batchNorm(relu),
            net.with(
                "scale", Attrs.EMPTY, relu, Map.of("scale", net.random(3), "bias", net.random(3))),
            net.with("scale", Attrs.EMPTY.with("axis", 3), relu, Map.of("scale", net.random(3))))) {
      assertThat(Checks.types(after(affine(), net.op("relu6", y))))
          .containsExactly("relu", "depthwise-conv2d", "relu6");
    }
  }

  @Test
  void aScaleThatNoDpuReadsOrFeedsStays() {
    Op behind = net.op("relu", net.op("mul", net.opaque(x), net.scalar(2)));
    Op before = net.opaque(net.op("mul", net.op("relu", x), net.scalar(2)));
    Op last = net.op("add", net.op("relu", x), net.random(3));
    Checks.untouched(affine(), net.returning(behind, before, last));
  }

  @Test
  void aChainOfScalesAndShiftsBecomesOneConvolution() {
    Op chain =
        net.op(
            "add", net.batchNorm(net.op("mul", net.op("relu", x), net.random(3))), net.scalar(1));
    Op y = net.op("relu6", chain);
    PassOrder order = PassOrder.of(DpuPasses.all(op -> ON_DPU.contains(op.type())));
    assertThat(Checks.types(Checks.after(order, net.returning(y))))
        .containsExactly("relu", "depthwise-conv2d", "relu6");
  }

  private Op channelScale(Op input, boolean shifted) {
    Op weights = net.random(1, 1, 1, 3);
    Map<String, Op> others =
        shifted ? Map.of("weights", weights, "bias", net.random(3)) : Map.of("weights", weights);
    return net.with("depthwise-conv2d", Net.window(1, 1, 0), input, others);
  }

  private Op unpadded(String type, Op input, int... weights) {
    return net.with(type, Net.window(3, 1, 0), input, Map.of("weights", net.random(weights)));
  }

  @Test
  void aScaleGoesIntoTheNextConvolutionWhereThatIsExact() {
    Pass pass = new FoldIntoNextConv();
    assertThat(Checks.types(after(pass, unpadded("conv2d", channelScale(x, true), 4, 3, 3, 3))))
        .containsExactly("conv2d");
    Op depthwise = unpadded("depthwise-conv2d", channelScale(x, true), 1, 3, 3, 3);
    assertThat(Checks.types(after(pass, depthwise))).containsExactly("depthwise-conv2d");
    assertThat(Checks.types(after(pass, net.conv(channelScale(x, false), 4, 3))))
        .containsExactly("conv2d");
    Checks.untouched(pass, net.returning(net.conv(channelScale(x, true), 4, 3)));
    Op shared = channelScale(x, false);
    Checks.untouched(pass, net.returning(net.conv(shared, 4, 3), net.opaque(shared)));
  }

  private static Attrs shuffle(boolean upscale) {
    return Attrs.EMPTY.with("scale", 2).with("upscale", upscale);
  }

  @Test
  void aPixelShuffleBehindAConvolutionIsATile() {
    Pass pass = new PixelShuffleToTile();
    Op y = net.op("pixel-shuffle", shuffle(true), net.op("relu", net.conv(x, 12, 3)));
    assertThat(Checks.types(after(pass, y))).containsExactly("conv2d", "relu", "gstiling");
    Op up = unpadded("transposed-conv2d", x, 20, 3, 3, 3);
    assertThat(Checks.types(after(pass, net.op("pixel-shuffle", shuffle(true), up))))
        .containsExactly("transposed-conv2d", "gstiling");
  }

  @Test
  void anotherPixelShuffleStays() {
    Pass pass = new PixelShuffleToTile();
    Op conv = net.conv(x, 12, 3);
    Op shared = net.op("pixel-shuffle", shuffle(true), conv);
    Op alone = net.op("pixel-shuffle", shuffle(true), net.input(1, 2, 2, 4));
    Op back = net.op("pixel-shuffle", shuffle(false), net.conv(x, 4, 1));
    Graph graph = net.returning(shared, net.opaque(conv), alone, back);
    Checks.untouched(pass, graph);
    Checks.requireSame(graph, graph);
  }

  private Op resize(int height, int width, boolean half, boolean corners) {
    Attrs attrs =
        Attrs.EMPTY
            .with("mode", "BILINEAR")
            .with("half_pixel_centers", half)
            .with("align_corners", corners)
            .with("scale", AttrValue.ofFloats(width, height));
    return net.op("resize", attrs, x);
  }

  @ParameterizedTest
  @CsvSource({
    "2, 2, false",
    "4, 4, false",
    "8, 8, false",
    "2, 8, false",
    "2, 2, true",
    "4, 4, true",
    "4, 2, true"
  })
  void aBilinearResizeIsAPadAndATransposedConvolution(int height, int width, boolean half) {
    Op y = resize(height, width, half, false);
    Graph after = after(new BilinearToTransposedConv(op -> true), y);
    assertThat(Checks.types(after)).containsExactly("pad", "transposed-depthwise-conv2d");
    Op weights = after.op(y.name()).input("weights");
    for (float w : weights.constData().toFloats()) {
      assertThat(w * 128).isEqualTo((float) Math.round(w * 128)).isBetween(0f, 128f);
    }
  }

  @Test
  void aBilinearResizeStaysUnlessAskedForOrBeyondTheConditions() {
    Graph graph =
        net.returning(
            resize(8, 8, true, false),
            resize(3, 3, false, false),
            resize(2, 2, false, true),
            resize(2, 1, false, false));
    Checks.untouched(new BilinearToTransposedConv(op -> true), graph);
    Checks.untouched(
        new BilinearToTransposedConv(op -> false), net.returning(resize(2, 2, false, false)));
  }
}
