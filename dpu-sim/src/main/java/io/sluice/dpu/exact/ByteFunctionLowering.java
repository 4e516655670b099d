package io.sluice.dpu.exact;

import java.util.List;

/** A hard sigmoid that stands alone, tried on all 256 values. */
final class ByteFunctionLowering implements Lowering<ByteFunctionKernel> {
  private final FloatArithmetic arithmetic;
  private final ByteFunctionProof proof;

  ByteFunctionLowering(FloatArithmetic arithmetic, ByteFunctionProof proof) {
    this.arithmetic = arithmetic;
    this.proof = proof;
  }

  @Override
  public String refusal(ByteFunctionKernel kernel, List<ValueRange> inputs) {
    return form(kernel) == null ? proof.refusal(arithmetic, kernel.activation()) : null;
  }

  /** The first form that is proved; null if there is none. */
  private FloatArithmetic form(ByteFunctionKernel kernel) {
    return arithmetic.first(
        kernel.output(), form -> proof.refusal(form, kernel.activation()) == null);
  }

  @Override
  public FloatGraph.Value lower(
      ByteFunctionKernel kernel,
      List<FloatGraph.Value> inputs,
      List<ValueRange> ranges,
      FloatGraph g) {
    return new FloatGraph.Value(
        form(kernel).byteFunction(g, inputs.get(0).name(), kernel.activation()), kernel.output());
  }

  @Override
  public ValueRange range(ByteFunctionKernel kernel, List<ValueRange> inputs) {
    return inputs.get(0).map(in -> ActivationRange.of(kernel.activation(), in.low(), in.high(), 0));
  }
}
