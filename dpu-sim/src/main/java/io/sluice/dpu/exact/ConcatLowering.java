package io.sluice.dpu.exact;

import static io.sluice.onnx.OnnxAttributes.integer;

import java.util.ArrayList;
import java.util.List;

/** Concat of the inputs, each requantized where its position differs. */
final class ConcatLowering implements Lowering<ConcatKernel> {
  private final FloatArithmetic arithmetic;

  ConcatLowering(FloatArithmetic arithmetic) {
    this.arithmetic = arithmetic;
  }

  @Override
  public String refusal(ConcatKernel kernel, List<ValueRange> inputs) {
    for (Requantize requantize : kernel.requantize()) {
      if (requantize.shift() > FloatArithmetic.MAX_SHIFT) {
        return "shift " + requantize.shift();
      }
    }
    return null;
  }

  @Override
  public FloatGraph.Value lower(
      ConcatKernel kernel, List<FloatGraph.Value> inputs, List<ValueRange> ranges, FloatGraph g) {
    int axis = FloatGraph.axis(kernel.output(), kernel.axis());
    if (inputs.stream().allMatch(g::hasBytes)
        && kernel.requantize().stream().allMatch(r -> r.shift() == 0)) {
      List<String> held = inputs.stream().map(input -> g.bytes(input.name())).toList();
      String joined = g.node("Concat", held, integer("axis", axis));
      return new FloatGraph.Value(g.fromBytes(joined), kernel.output());
    }
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      parts.add(
          arithmetic.requantize(
              g, inputs.get(i).name(), kernel.requantize().get(i), inputs.get(i).shape()));
    }
    return new FloatGraph.Value(g.node("Concat", parts, integer("axis", axis)), kernel.output());
  }

  @Override
  public ValueRange range(ConcatKernel kernel, List<ValueRange> inputs) {
    List<ValueRange> parts = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      parts.add(inputs.get(i).map(kernel.requantize().get(i)));
    }
    boolean channels = kernel.axis() == kernel.output().rank() - 1;
    return channels
        ? ValueRange.concat(
            parts, kernel.inputs().stream().map(shape -> shape.dim(kernel.axis())).toList())
        : ValueRange.union(parts);
  }
}
