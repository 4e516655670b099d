package io.sluice.dpu.exact;

import io.sluice.xir.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * ADD as a sum of the inputs, each scaled by the power of two between its position and the
 * result's; MUL as a product that is scaled once. Exact while the total and the rounding half fit
 * 2^24.
 */
final class ElementwiseLowering implements Lowering<ElementwiseKernel> {
  private final FloatArithmetic arithmetic;
  private final ByteArithmetic bytes;
  private final ByteFunctionProof proof;

  ElementwiseLowering(FloatArithmetic arithmetic, ByteArithmetic bytes, ByteFunctionProof proof) {
    this.arithmetic = arithmetic;
    this.bytes = bytes;
    this.proof = proof;
  }

  @Override
  public String refusal(ElementwiseKernel kernel, List<ValueRange> inputs) {
    return !bytes.takes(kernel) && form(kernel, inputs) == null
        ? refusal(arithmetic, kernel, inputs)
        : null;
  }

  private String refusal(FloatArithmetic form, ElementwiseKernel kernel, List<ValueRange> inputs) {
    long total = kernel.product() ? 1 : 0;
    for (int i = 0; i < inputs.size(); i++) {
      long value = (long) inputs.get(i).magnitude() << kernel.shiftsRead().get(i);
      total = kernel.product() ? total * value : total + value;
    }
    int bits = bits(kernel);
    long count = frame(form, kernel).count(total, bits);
    if (count > form.exact()) {
      return "the total counts to " + count;
    }
    Activation activation = kernel.activation();
    if (activation.kind() == Activation.Kind.LEAKYRELU && bits > FloatArithmetic.MAX_LEAKY_BITS) {
      return "leaky after shift " + kernel.shift();
    }
    return proof.refusal(form, activation);
  }

  /** The first form that is proved; null if there is none. */
  private FloatArithmetic form(ElementwiseKernel kernel, List<ValueRange> inputs) {
    boolean repeats = kernel.inputs().stream().allMatch(shape -> repeats(shape, kernel.output()));
    List<FloatArithmetic> forms = repeats ? arithmetic.forms(kernel.output()) : List.of(arithmetic);
    for (FloatArithmetic form : forms) {
      if (refusal(form, kernel, inputs) == null) {
        return form;
      }
    }
    return null;
  }

  /** Whether an operand has one pixel for every, or for all: then it can stay in blocks. */
  private static boolean repeats(Shape operand, Shape output) {
    return operand.equals(output)
        || (operand.rank() == 4
            && output.rank() == 4
            && operand.equals(Shape.of(output.dim(0), 1, 1, output.dim(3))));
  }

  private static FloatArithmetic.Frame frame(FloatArithmetic form, ElementwiseKernel kernel) {
    int bits = bits(kernel);
    return kernel.product() ? form.frame(bits, kernel.activation()) : form.plain(bits);
  }

  private static int bits(ElementwiseKernel kernel) {
    return Math.max(0, kernel.shift());
  }

  @Override
  public FloatGraph.Value lower(
      ElementwiseKernel kernel,
      List<FloatGraph.Value> inputs,
      List<ValueRange> ranges,
      FloatGraph g) {
    FloatArithmetic form = form(kernel, ranges);
    if (bytes.takes(kernel) && (form == null || inputs.stream().allMatch(g::hasBytes))) {
      String sum = bytes.add(kernel, inputs.get(0).name(), inputs.get(1).name(), g);
      return new FloatGraph.Value(sum, kernel.output());
    }
    List<String> operands =
        inputs.stream().map(value -> operand(value, kernel.output(), form, g)).toList();
    int bits = bits(kernel);
    Activation activation = kernel.activation();
    boolean leaky = activation.kind() == Activation.Kind.LEAKYRELU;
    FloatArithmetic.Frame frame = frame(form, kernel);
    double term = leaky ? 0 : frame.term();
    String y;
    if (kernel.product()) {
      double factor = frame.sign() * Math.scalb(1.0, -kernel.shift());
      List<String> factors = new ArrayList<>(operands);
      if (inputs.stream().allMatch(g::hasBytes)) {
        factors.set(0, g.multiply(factors.get(0), factor));
        factor = 1;
      }
      String product =
          factors.stream().reduce((a, b) -> g.node("Mul", List.of(a, b))).orElseThrow();
      String total = form.affine(g, product, factor, term);
      y = leaky ? form.leaky(g, total, bits) : form.activateFramed(g, total, bits, activation);
    } else {
      List<Integer> exponents =
          kernel.shiftsRead().stream().map(read -> read - kernel.shift()).toList();
      y = form.activate(g, form.sum(g, operands, exponents, term), bits, activation);
    }
    return new FloatGraph.Value(y, kernel.output());
  }

  /** An operand with as many dimensions as the result. */
  private static String operand(
      FloatGraph.Value value, Shape output, FloatArithmetic form, FloatGraph g) {
    int rank = value.shape().rank();
    if (!value.shape().equals(output) && repeats(value.shape(), output)) {
      return form.repeat(g, value.name(), output);
    }
    if (rank == output.rank() || output.rank() != 4) {
      return value.name();
    }
    int[] dims = new int[4];
    Arrays.fill(dims, 1);
    System.arraycopy(value.shape().toArray(), 0, dims, 4 - rank, rank);
    return g.fromChannelsLast(g.reshape(value.name(), dims), Shape.of(dims)).name();
  }

  @Override
  public ValueRange range(ElementwiseKernel kernel, List<ValueRange> inputs) {
    boolean same = inputs.stream().allMatch(ValueRange::same);
    int channels = same ? 1 : kernel.output().dim(kernel.output().rank() - 1);
    return ValueRange.of(
        channels,
        c -> {
          List<ValueRange.Interval> at = new ArrayList<>();
          for (ValueRange in : inputs) {
            at.add(in.channels().size() == channels ? in.channel(c) : in.whole());
          }
          return interval(kernel, at);
        });
  }

  private static ValueRange.Interval interval(
      ElementwiseKernel kernel, List<ValueRange.Interval> inputs) {
    long low = kernel.product() ? 1 : 0;
    long high = low;
    for (int i = 0; i < inputs.size(); i++) {
      long a = inputs.get(i).low();
      long b = inputs.get(i).high();
      if (kernel.product()) {
        long[] ends = {low * a, low * b, high * a, high * b};
        low = Arrays.stream(ends).min().orElseThrow();
        high = Arrays.stream(ends).max().orElseThrow();
      } else {
        low += a << kernel.shiftsRead().get(i);
        high += b << kernel.shiftsRead().get(i);
      }
    }
    return ActivationRange.of(kernel.activation(), low, high, kernel.shift());
  }
}
