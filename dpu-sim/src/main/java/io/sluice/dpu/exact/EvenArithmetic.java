package io.sluice.dpu.exact;

/**
 * The arithmetic of the DPU by something that rounds halves to even, not up. With v on a grid of
 * 2^-bits, DPU_ROUND(v) is v + 2^-(bits+1) rounded so: a half now lies above the tie, and what lay
 * below it by a step of the grid still does. So the grid is one bit finer than that of {@link
 * FloatArithmetic}, and so is the bound.
 */
abstract class EvenArithmetic extends FloatArithmetic {

  /** {@link #leaky} rounds twice, both times down. */
  @Override
  boolean supports(Activation activation) {
    return activation.kind() != Activation.Kind.LEAKYRELU;
  }

  @Override
  int finerBits() {
    return 1;
  }

  @Override
  double half(int bits) {
    return bits > 0 ? Math.scalb(1.0, -bits - 1) : 0;
  }
}
