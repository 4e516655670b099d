package io.sluice.zoo;

import static io.sluice.zoo.OnnxFileBuilder.integer;
import static io.sluice.zoo.OnnxFileBuilder.ints;
import static io.sluice.zoo.OnnxFileBuilder.real;
import static io.sluice.zoo.OnnxFileBuilder.string;

import io.sluice.xir.Shape;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The layers of PyTorch, each as the ONNX nodes that its exporter writes. Weights are scaled by
 * their fan-in (He et al., 2015), so that activations keep their size through any depth.
 */
final class NetBuilder {
  private static final int OPSET = 13;

  private final OnnxFileBuilder file;
  private final ZooConfig config;

  NetBuilder(String name, ZooConfig config) {
    this(name, config, OPSET);
  }

  NetBuilder(String name, ZooConfig config, int opset) {
    this.config = config;
    this.file = new OnnxFileBuilder(name, opset, config.seed());
  }

  /** An RGB image. */
  Feature image() {
    return file.input("input", 1, 3, config.size(), config.size());
  }

  byte[] build(Feature... outputs) {
    for (Feature output : outputs) {
      file.output(output);
    }
    return file.build();
  }

  OnnxFileBuilder file() {
    return file;
  }

  /** A number of channels at the wanted width of the network: a multiple of 8. */
  int scaled(int channels) {
    return Math.max(8, (int) Math.round(channels * config.width() / 8) * 8);
  }

  /** A convolution with bias. */
  Feature conv(Feature x, int out, Kernel k) {
    return conv(x, out, k, 1, 2, true);
  }

  /**
   * @param gain the variance of the results over that of the input
   */
  private Feature conv(Feature x, int out, Kernel k, int group, double gain, boolean bias) {
    int depth = x.channels() / group;
    double deviation = Math.sqrt(gain / (depth * k.height() * k.width()));
    String w = file.weights("weight", 0, deviation, out, depth, k.height(), k.width());
    List<String> inputs =
        bias ? List.of(x.name(), w, file.weights("bias", 0, 0.05, out)) : List.of(x.name(), w);
    return file.node(
        "Conv",
        Shape.of(1, out, k.outHeight(x.height(), false), k.outWidth(x.width(), false)),
        inputs,
        ints("dilations", 1, 1),
        integer("group", group),
        ints("kernel_shape", k.sizes()),
        ints("pads", k.pads()),
        ints("strides", k.strides()));
  }

  /** A convolution and its batch norm, folded as the configuration says. */
  Feature convNorm(Feature x, int out, Kernel k) {
    return convNorm(x, out, k, 1, 1);
  }

  /**
   * @param scale about the scale of the batch norm; small at the end of a residual branch
   */
  Feature convNorm(Feature x, int out, Kernel k, int group, double scale) {
    if (config.foldBatchNorm()) {
      return conv(x, out, k, group, 2 * scale * scale, true);
    }
    Feature y = conv(x, out, k, group, 2, false);
    List<String> inputs =
        List.of(
            y.name(),
            file.weights("bn.weight", scale, 0.1 * scale, out),
            file.weights("bn.bias", 0, 0.05, out),
            file.weights("bn.running_mean", 0, 0.1, out),
            file.weights("bn.running_var", 1, 0.2, out));
    return file.node(
        "BatchNormalization", y.shape(), inputs, real("epsilon", 1e-5f), real("momentum", 0.9f));
  }

  Feature convNormRelu(Feature x, int out, Kernel k) {
    return relu(convNorm(x, out, k));
  }

  Feature convRelu(Feature x, int out, Kernel k) {
    return relu(conv(x, out, k));
  }

  Feature depthwiseNorm(Feature x, Kernel k) {
    return convNorm(x, x.channels(), k, x.channels(), 1);
  }

  /** Twice the height and width. */
  Feature convTranspose2(Feature x, int out) {
    double deviation = Math.sqrt(2.0 / x.channels());
    return file.node(
        "ConvTranspose",
        Shape.of(1, out, 2 * x.height(), 2 * x.width()),
        List.of(
            x.name(),
            file.weights("weight", 0, deviation, x.channels(), out, 2, 2),
            file.weights("bias", 0, 0.05, out)),
        ints("dilations", 1, 1),
        integer("group", 1),
        ints("kernel_shape", 2, 2),
        ints("pads", 0, 0, 0, 0),
        ints("strides", 2, 2));
  }

  Feature relu(Feature x) {
    return file.node("Relu", x.shape(), List.of(x.name()));
  }

  Feature relu6(Feature x) {
    return file.node("Clip", x.shape(), List.of(x.name(), file.constant(0), file.constant(6)));
  }

  Feature leakyRelu(Feature x, float alpha) {
    return file.node("LeakyRelu", x.shape(), List.of(x.name()), real("alpha", alpha));
  }

  Feature maxPool(Feature x, Kernel k, boolean ceil) {
    return file.node(
        "MaxPool",
        pooled(x, k, ceil),
        List.of(x.name()),
        integer("ceil_mode", ceil ? 1 : 0),
        ints("kernel_shape", k.sizes()),
        ints("pads", k.pads()),
        ints("strides", k.strides()));
  }

  Feature averagePool(Feature x, Kernel k) {
    return file.node(
        "AveragePool",
        pooled(x, k, false),
        List.of(x.name()),
        integer("ceil_mode", 0),
        integer("count_include_pad", 1),
        ints("kernel_shape", k.sizes()),
        ints("pads", k.pads()),
        ints("strides", k.strides()));
  }

  private static Shape pooled(Feature x, Kernel k, boolean ceil) {
    return Shape.of(1, x.channels(), k.outHeight(x.height(), ceil), k.outWidth(x.width(), ceil));
  }

  Feature globalAveragePool(Feature x) {
    return file.node("GlobalAveragePool", Shape.of(1, x.channels(), 1, 1), List.of(x.name()));
  }

  /** Zeros below and to the right. */
  Feature padFar(Feature x) {
    return file.node(
        "Pad",
        Shape.of(1, x.channels(), x.height() + 1, x.width() + 1),
        List.of(x.name(), file.longs("pads", 0, 0, 0, 0, 0, 0, 1, 1), file.constant(0)),
        string("mode", "constant"));
  }

  /** Twice the height and width, each value four times. */
  Feature upsampleNearest2(Feature x) {
    return file.node(
        "Resize",
        Shape.of(1, x.channels(), 2 * x.height(), 2 * x.width()),
        List.of(x.name(), "", file.floats("scales", new float[] {1, 1, 2, 2}, 4)),
        string("coordinate_transformation_mode", "asymmetric"),
        string("mode", "nearest"),
        string("nearest_mode", "floor"));
  }

  Feature concat(Feature... parts) {
    int channels = Stream.of(parts).mapToInt(Feature::channels).sum();
    return file.node(
        "Concat",
        parts[0].shape().withDim(1, channels),
        Stream.of(parts).map(Feature::name).toList(),
        integer("axis", 1));
  }

  Feature add(Feature a, Feature b) {
    return file.node("Add", a.shape(), List.of(a.name(), b.name()));
  }

  Feature flatten(Feature x) {
    return file.node(
        "Flatten", Shape.of(1, x.shape().elements()), List.of(x.name()), integer("axis", 1));
  }

  Feature linear(Feature x, int out) {
    int in = x.shape().dim(1);
    return file.node(
        "Gemm",
        Shape.of(1, out),
        List.of(
            x.name(),
            file.weights("weight", 0, Math.sqrt(2.0 / in), out, in),
            file.weights("bias", 0, 0.05, out)),
        real("alpha", 1),
        real("beta", 1),
        integer("transB", 1));
  }

  /** Global average pool, flatten and a linear layer. */
  byte[] classified(Feature x) {
    return build(linear(flatten(globalAveragePool(x)), config.classes()));
  }

  /** The same block several times. */
  static Feature repeat(int times, Feature x, UnaryOperator<Feature> block) {
    Feature y = x;
    for (int i = 0; i < times; i++) {
      y = block.apply(y);
    }
    return y;
  }
}
