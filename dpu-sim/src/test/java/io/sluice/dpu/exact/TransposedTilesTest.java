package io.sluice.dpu.exact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.ort.OrtModel;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransposedTilesTest {
  private static final int IN = 5;
  private static final int OUT = 3;
  private static final int HEIGHT = 4;
  private static final int WIDTH = 6;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void aChannelOfThePointwiseConvolutionIsAPixelOfTheTile(int side) {
    Convolution conv = transposed(side, side, side);
    assertThat(TransposedTiles.applies(conv)).isTrue();
    TensorData input = input();
    TensorData expected = new ConvolutionKernel(conv).run(List.of(input));
    Convolution tiles = TransposedTiles.of(conv);
    TensorData channels = new ConvolutionKernel(tiles).run(List.of(input));
    int at = 0;
    for (int y = 0; y < HEIGHT * side; y++) {
      for (int x = 0; x < WIDTH * side; x++) {
        int pixel = y / side * WIDTH + x / side;
        for (int oc = 0; oc < OUT; oc++) {
          int channel = (oc * side + y % side) * side + x % side;
          assertThat(expected.getByte(at++))
              .isEqualTo(channels.getByte(pixel * OUT * side * side + channel));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void itIsOneIntegerConvolutionInTheEngine(int side) {
    Convolution conv = transposed(side, side, side);
    ByteArithmetic bytes = new ByteArithmetic();
    assumeTrue(PlatformCanary.failure(bytes, 1) == null);
    assertThat(bytes.takes(conv)).isTrue();
    Tensor x = new Tensor("x", DataType.XINT8, input().shape());
    Tensor y = new Tensor("y", DataType.XINT8, conv.outputShape());
    FloatGraph g = new FloatGraph();
    String sum = bytes.convolve(conv, g.input(x).name(), g);
    g.output(y, new FloatGraph.Value(sum, conv.outputShape()));
    try (OrtModel model = new OrtModel(g.toBytes(), List.of(x), List.of(y), "tiles", 1)) {
      assertThat(model.run(Map.of("x", input())).get("y"))
          .isEqualTo(new ConvolutionKernel(conv).run(List.of(input())));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void windowsThatOverlapOrLeaveGapsAreNone(int side) {
    assertThat(TransposedTiles.applies(transposed(side + 1, side, side))).isFalse();
    assertThat(TransposedTiles.applies(transposed(side, side + 1, side + 1))).isFalse();
  }

  private static Convolution transposed(int kernel, int strideY, int strideX) {
    byte[] weights = new byte[OUT * kernel * kernel * IN];
    byte[] bias = new byte[OUT];
    Random random = new Random(kernel);
    random.nextBytes(weights);
    random.nextBytes(bias);
    return new Convolution(
        true,
        1,
        new WindowAxis(HEIGHT, (HEIGHT - 1) * strideY + kernel, kernel, strideY, 1, 0, 0),
        new WindowAxis(WIDTH, (WIDTH - 1) * strideX + kernel, kernel, strideX, 1, 0, 0),
        IN,
        OUT,
        1,
        weights,
        bias,
        9,
        2,
        Activation.of(Activation.Kind.RELU, 0));
  }

  private static TensorData input() {
    Shape shape = Shape.of(1, HEIGHT, WIDTH, IN);
    byte[] values = new byte[shape.elements()];
    new Random(1).nextBytes(values);
    return TensorData.wrap(DataType.XINT8, shape, values);
  }
}
