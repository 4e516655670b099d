package io.sluice.dpu.exact;

import static io.sluice.onnx.OnnxAttributes.integer;
import static io.sluice.onnx.OnnxAttributes.ints;

import io.sluice.onnx.proto.AttributeProto;
import java.util.ArrayList;
import java.util.List;

/**
 * A convolution as one float Conv or ConvTranspose with weights * 2^-shift_cut and bias *
 * 2^(shift_bias - shift_cut) + 1/2, where {@link AccumulatorBound} holds; else as {@link
 * SplitConvolution}.
 */
final class ConvolutionLowering implements Lowering<ConvolutionKernel> {
  private final FloatArithmetic arithmetic;
  private final ByteArithmetic bytes;
  private final ByteFunctionProof proof;

  ConvolutionLowering(FloatArithmetic arithmetic, ByteArithmetic bytes, ByteFunctionProof proof) {
    this.arithmetic = arithmetic;
    this.bytes = bytes;
    this.proof = proof;
  }

  @Override
  public String refusal(ConvolutionKernel kernel, List<ValueRange> inputs) {
    Convolution conv = kernel.conv();
    if (bytes.takes(conv) || form(conv, inputs.get(0)) != null) {
      return null;
    }
    if (conv.activation().hardSigmoid() != null) {
      String refusal = proof.refusal(arithmetic, conv.activation());
      if (refusal != null) {
        return refusal;
      }
    }
    String why = SplitConvolution.refusal(conv, inputs.get(0));
    if (why == null) {
      return null;
    }
    AccumulatorBound bound = new AccumulatorBound(conv, inputs.get(0));
    int worst = bound.worstChannel(arithmetic);
    return "channel " + worst + " sums to " + bound.steps(worst, arithmetic) + " steps, " + why;
  }

  /** The first form in which one convolution is proved; null if there is none. */
  private FloatArithmetic form(Convolution conv, ValueRange input) {
    AccumulatorBound bound = new AccumulatorBound(conv, input);
    return arithmetic.first(
        conv.outputShape(),
        form -> bound.proves(form) && proof.refusal(form, conv.activation()) == null);
  }

  @Override
  public FloatGraph.Value lower(
      ConvolutionKernel kernel,
      List<FloatGraph.Value> inputs,
      List<ValueRange> ranges,
      FloatGraph g) {
    Convolution conv = kernel.conv();
    Activation activation = conv.activation();
    String x = inputs.get(0).name();
    if (bytes.takes(conv)) {
      return new FloatGraph.Value(bytes.convolve(conv, x, g), conv.outputShape());
    }
    String y;
    FloatArithmetic form = form(conv, ranges.get(0));
    if (form == null) {
      String z = new SplitConvolution(conv, ranges.get(0)).lower(x, g);
      y = activation.hardSigmoid() == null ? z : arithmetic.byteFunction(g, z, activation);
    } else {
      boolean leaky = activation.kind() == Activation.Kind.LEAKYRELU;
      int bits = conv.bits();
      FloatArithmetic.Frame frame = form.frame(bits, activation);
      float[] bias = new float[conv.outChannels()];
      for (int oc = 0; oc < bias.length; oc++) {
        double b = Math.scalb((double) conv.bias()[oc], conv.shiftBias() - conv.shiftCut());
        bias[oc] = (float) (leaky ? b : frame.of(b));
      }
      float[] weights =
          weights(conv, 0, conv.inChannels() / conv.groups(), frame.sign(), -conv.shiftCut());
      String sum = node(conv, x, weights, bias, g);
      y = leaky ? form.leaky(g, sum, bits) : form.activateFramed(g, sum, bits, activation);
    }
    return new FloatGraph.Value(y, conv.outputShape());
  }

  @Override
  public ValueRange range(ConvolutionKernel kernel, List<ValueRange> inputs) {
    return new AccumulatorBound(kernel.conv(), inputs.get(0)).results();
  }

  /**
   * The weights of some input channels of each group, as Conv [OC, IC / groups, KH, KW] or
   * ConvTranspose [IC, OC / groups, KH, KW] has them; a transposed kernel is turned by 180 degrees.
   *
   * @param from first input channel of each group
   * @param to behind the last; the array is as if there were no others
   * @param sign 1 or -1, by which they are multiplied, and by 2^exponent
   */
  static float[] weights(Convolution conv, int from, int to, int sign, int exponent) {
    int kernelH = conv.y().kernel();
    int kernelW = conv.x().kernel();
    int area = kernelH * kernelW;
    int groupIn = conv.inChannels() / conv.groups();
    int groupOut = conv.outChannels() / conv.groups();
    int kept = to - from;
    float[] result = new float[conv.outChannels() * area * kept];
    for (int oc = 0; oc < conv.outChannels(); oc++) {
      for (int tap = 0; tap < area; tap++) {
        for (int c = from; c < to; c++) {
          byte weight = conv.weights()[(oc * area + tap) * groupIn + c];
          float w = Math.scalb((float) sign * weight, exponent);
          int at;
          if (conv.transposed()) {
            int ic = oc / groupOut * kept + c - from;
            at = (ic * groupOut + oc % groupOut) * area + area - 1 - tap;
          } else {
            at = (oc * kept + c - from) * area + tap;
          }
          result[at] = w;
        }
      }
    }
    return result;
  }

  /** A Conv or ConvTranspose node over weights of that order; null bias for none. */
  static String node(Convolution conv, String x, float[] weights, float[] bias, FloatGraph g) {
    int kernelH = conv.y().kernel();
    int kernelW = conv.x().kernel();
    int second =
        conv.transposed()
            ? conv.outChannels() / conv.groups()
            : weights.length / (conv.outChannels() * kernelH * kernelW);
    int first = weights.length / (second * kernelH * kernelW);
    List<String> inputs = new ArrayList<>();
    inputs.add(x);
    inputs.add(g.floats(weights, first, second, kernelH, kernelW));
    if (bias != null) {
      inputs.add(g.floats(bias, bias.length));
    }
    return g.node(
        conv.transposed() ? "ConvTranspose" : "Conv",
        inputs,
        window(conv.y(), conv.x(), integer("group", conv.groups())));
  }

  static AttributeProto[] window(WindowAxis y, WindowAxis x, AttributeProto... more) {
    List<AttributeProto> attributes = new ArrayList<>(List.of(more));
    attributes.add(ints("kernel_shape", y.kernel(), x.kernel()));
    attributes.add(ints("strides", y.stride(), x.stride()));
    attributes.add(ints("dilations", y.dilation(), x.dilation()));
    attributes.add(ints("pads", y.padBegin(), x.padBegin(), y.padEnd(), x.padEnd()));
    return attributes.toArray(new AttributeProto[0]);
  }
}
