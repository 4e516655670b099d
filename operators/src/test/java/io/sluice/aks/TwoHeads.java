package io.sluice.aks;

import io.sluice.compile.Compiler;
import io.sluice.quantize.PositionMethod;
import io.sluice.quantize.QuantizeConfig;
import io.sluice.quantize.Quantizer;
import io.sluice.quantize.Samples;
import io.sluice.target.DpuTarget;
import io.sluice.xir.Attrs;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Small seeded networks for images, with one or two outputs. */
final class TwoHeads {
  private static final int FEATURES = 16;
  private static final int BLOCK = 32;

  private final Random random = new Random(11);
  private final Graph graph;
  private final float low;
  private final float high;
  private final Op image;

  /**
   * @param side of the square image
   * @param low smallest value of a pixel
   * @param high largest value of a pixel
   */
  TwoHeads(String name, int side, float low, float high) {
    this.graph = new Graph(name);
    this.low = low;
    this.high = high;
    this.image =
        graph.add(
            "image",
            "data",
            Attrs.EMPTY.with("shape", new int[] {1, side, side, 3}).with("data_type", "FLOAT32"));
  }

  Op image() {
    return image;
  }

  /** Features of about the same size for any image, one for each {@code stride} pixels. */
  Op features(String name, Op in, int stride) {
    int depth = in.output().shape().dim(3);
    double input = in == image ? (double) Math.max(-low, high) : 1;
    double deviation = 2 / (input * Math.sqrt(depth * stride * stride));
    Op conv = conv(name, in, FEATURES, stride, deviation, new float[1]);
    return graph.add(name + "_relu", "relu", Attrs.EMPTY, conv);
  }

  Op halved(String name, Op in) {
    return graph.add(name, "maxpool2d", window(2, 2), in);
  }

  /**
   * An output at each place of the features.
   *
   * @param deviation of the values
   * @param means of the first channels, and again of those after them
   */
  Op head(String name, Op in, int channels, double deviation, float... means) {
    return conv(name, in, channels, 1, deviation / Math.sqrt(FEATURES), means);
  }

  /** One output for the whole image, [1, classes]. */
  void classes(String name, Op in, int classes) {
    int side = in.output().shape().dim(1);
    Op scores = conv(name + "_conv", in, classes, side, 3.0 / (4 * side), new float[1]);
    graph.add(name, "reshape", Attrs.EMPTY.with("shape", new int[] {1, classes}), scores);
  }

  /** Quantized on two images of squares in the strongest colours, and compiled. */
  Graph compiled(DpuTarget target) {
    Shape shape = image.output().shape().withDim(0, 2);
    float[] pixels = new float[shape.elements()];
    int rowLength = 3 * shape.dim(2);
    for (int i = 0; i < pixels.length; i++) {
      int above = i - rowLength;
      int left = i - 3;
      boolean newRow = i / rowLength % BLOCK == 0;
      boolean newColumn = i % rowLength / 3 % BLOCK == 0;
      pixels[i] =
          !newRow ? pixels[above] : !newColumn ? pixels[left] : random.nextBoolean() ? low : high;
    }
    Samples samples =
        Samples.of(graph.inputs(), Map.of(image.name(), TensorData.ofFloats(shape, pixels)));
    QuantizeConfig config = QuantizeConfig.of(PositionMethod.NON_OVERFLOW);
    return Compiler.compile(Quantizer.quantize(graph, samples, config).graph(), target).graph();
  }

  private Op conv(String name, Op in, int channels, int kernel, double deviation, float... means) {
    int depth = in.output().shape().dim(3);
    float[] weights = new float[channels * kernel * kernel * depth];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) (deviation * random.nextGaussian());
    }
    float[] bias = new float[channels];
    for (int i = 0; i < channels; i++) {
      bias[i] = means[i % means.length];
    }
    Shape shape = Shape.of(channels, kernel, kernel, depth);
    Op weight = graph.addConst(name + "_w", TensorData.ofFloats(shape, weights));
    Op added = graph.addConst(name + "_b", TensorData.ofFloats(Shape.of(channels), bias));
    return graph.add(
        name,
        "conv2d",
        window(kernel, kernel),
        Map.of("input", List.of(in), "weights", List.of(weight), "bias", List.of(added)));
  }

  private static Attrs window(int kernel, int stride) {
    return Attrs.EMPTY
        .with("kernel", new int[] {kernel, kernel})
        .with("stride", new int[] {stride, stride})
        .with("pad_mode", "FLOOR")
        .with("pad", new int[4]);
  }
}
