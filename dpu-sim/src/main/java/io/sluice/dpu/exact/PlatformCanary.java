package io.sluice.dpu.exact;

import io.sluice.ort.OrtModel;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Tries the proofs on the machine at hand. They rest on IEEE floats and on convolutions that only
 * add products, both of which hold on x86 with AVX2; this looks for a processor or a build of ONNX
 * Runtime on which they do not (flushed or reassociated arithmetic, AVX-512, ARM, reduced
 * precision).
 *
 * <p>Convolutions - pointwise, of channels that fill blocks and that do not, 3x3, depthwise and
 * transposed - are run on inputs of which many end on a tie or count beyond 2^23 before they
 * cancel, and compared with the reference.
 */
final class PlatformCanary {
  private static final int SIDE = 9;

  private PlatformCanary() {}

  /**
   * Whether integer kernels saturate in between. Inputs and weights are of all magnitudes, so that
   * many pairs of products do not fit 16 bits; there is an odd and an even number of channels, one
   * pixel and many, and a group for each channel.
   *
   * @return what went wrong; null if all is well
   */
  static String failure(ByteArithmetic bytes, int intraOpThreads) {
    for (Convolution conv : integerCases()) {
      if (!agrees(conv, new FloatArithmetic(), bytes, intraOpThreads)) {
        return "an integer " + name(conv);
      }
    }
    return null;
  }

  static List<Convolution> integerCases() {
    return List.of(
        convolution(32, 19, 1, 1, false, true),
        convolution(67, 64, 3, 1, false, true),
        convolution(128, 19, SIDE, 1, false, true),
        convolution(32, 24, 1, 1, false, false),
        convolution(16, 16, 3, 16, false, true));
  }

  private static String name(Convolution conv) {
    return String.format(
        "convolution %dx%d of %d channels in %d groups is not exact on this machine",
        conv.y().kernel(), conv.x().kernel(), conv.inChannels(), conv.groups());
  }

  /** What went wrong; null if all is well. */
  static String failure(FloatArithmetic arithmetic, int intraOpThreads) {
    for (boolean large : new boolean[] {false, true}) {
      for (Convolution conv :
          List.of(
              convolution(32, 19, 1, 1, false, large),
              convolution(128, 19, 3, 1, false, large),
              convolution(32, 24, 1, 1, false, large),
              convolution(16, 16, 3, 16, false, false),
              convolution(32, 19, 2, 1, true, large))) {
        if (!agrees(conv, arithmetic, ByteArithmetic.none(), intraOpThreads)) {
          return "a float " + name(conv);
        }
      }
    }
    return null;
  }

  private static Convolution convolution(
      int in, int out, int kernel, int groups, boolean transposed, boolean large) {
    SplittableRandom random = new SplittableRandom(in * 31L + kernel);
    int fanIn = kernel * kernel * in / groups;
    byte[] weights = new byte[out * fanIn];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (byte) (large ? random.nextInt(-127, 128) : random.nextInt(-1, 2));
    }
    byte[] bias = new byte[out];
    random.nextBytes(bias);
    int size = transposed ? (SIDE - 1) * 2 + kernel : SIDE - kernel + 1;
    WindowAxis axis = new WindowAxis(SIDE, size, kernel, transposed ? 2 : 1, 1, 0, 0);
    // by a shift of 1 every odd sum is a tie
    int shift = large ? 11 : 1;
    return new Convolution(
        transposed,
        1,
        axis,
        axis,
        in,
        out,
        groups,
        weights,
        bias,
        shift,
        large ? 8 : 0,
        Activation.of(Activation.Kind.NONE, 0));
  }

  /** What a case is tried on. */
  static TensorData input(Convolution conv) {
    Shape shape = Shape.of(1, SIDE, SIDE, conv.inChannels());
    byte[] values = new byte[shape.elements()];
    SplittableRandom random = new SplittableRandom(conv.inChannels());
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) (conv.shiftCut() == 1 ? random.nextInt(-9, 10) : random.nextInt());
    }
    return TensorData.wrap(DataType.XINT8, shape, values);
  }

  private static boolean agrees(
      Convolution conv, FloatArithmetic arithmetic, ByteArithmetic bytes, int threads) {
    TensorData input = input(conv);
    Shape shape = input.shape();
    ConvolutionKernel kernel = new ConvolutionKernel(conv);
    ConvolutionLowering lowering =
        new ConvolutionLowering(arithmetic, bytes, new ByteFunctionProof());
    Tensor x = new Tensor("x", DataType.XINT8, shape);
    Tensor y = new Tensor("y", DataType.XINT8, conv.outputShape());
    FloatGraph graph = new FloatGraph();
    FloatGraph.Value in = graph.input(x);
    graph.output(y, lowering.lower(kernel, List.of(in), List.of(ValueRange.INT8), graph));
    try (OrtModel model =
        new OrtModel(graph.toBytes(), List.of(x), List.of(y), "canary", threads)) {
      return model.run(Map.of("x", input)).get("y").equals(kernel.run(List.of(input)));
    }
  }
}
