/**
 * What a DPU computes, to the bit: the integer semantics of every {@code -fix} op of XIR. There are
 * two engines behind {@link io.sluice.dpu.exact.ExactEngine}: the scalar reference, which is the
 * definition, and a fast one that lets ONNX Runtime do the same and is proved equal when a model is
 * loaded. It does sums in integers ({@code ByteArithmetic}) on processors whose INT8 dot products
 * do not saturate, as those with VNNI, and else in floats that hold integers ({@code
 * FloatArithmetic} and its blocked forms).
 *
 * <p>Tensors are XINT8 and channel-last; a value q at fix position p stands for q * 2^-p. Time,
 * instructions and memory are not here.
 */
package io.sluice.dpu.exact;
