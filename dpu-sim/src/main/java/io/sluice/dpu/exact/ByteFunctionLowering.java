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
    return proof.refusal(kernel.activation());
  }

  @Override
  public FloatGraph.Value lower(
      ByteFunctionKernel kernel,
      List<FloatGraph.Value> inputs,
      List<ValueRange> ranges,
      FloatGraph g) {
    return new FloatGraph.Value(
        arithmetic.byteFunction(g, inputs.get(0).name(), kernel.activation()), kernel.output());
  }

  @Override
  public ValueRange range(ByteFunctionKernel kernel, List<ValueRange> inputs) {
    return ActivationRange.of(kernel.activation());
  }
}
