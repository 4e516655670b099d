package io.sluice.dpu.exact;

import static io.sluice.onnx.OnnxAttributes.real;

import java.util.List;

/**
 * The arithmetic of the DPU in floats that come from bytes and go back to bytes, beside {@link
 * ByteArithmetic}: a multiple is part of the DequantizeLinear that makes a float of a byte, and
 * QuantizeLinear rounds, limits and makes a byte in one node.
 */
class QuantizedArithmetic extends EvenArithmetic {
  private static final double TIE = 1.0 / (1 << 18);

  @Override
  String settle(FloatGraph g, String v, int bits, int low, int high) {
    return g.fromBytes(g.limited(g.bytes(v), low, high));
  }

  /**
   * A look-up in the table that ONNX Runtime makes for QLinearLeakyRelu: with slope 0 below the
   * byte at which the hard sigmoid is 0, that is it but for its upper limit, which is that of a
   * byte. The factor is larger by a small part, so that a tie is rounded up.
   */
  @Override
  String gate(FloatGraph g, String z, HardSigmoid sigmoid) {
    double zero = FloatGraph.ZERO - Math.scalb(3.0, sigmoid.position());
    if (zero < 0 || zero != Math.rint(zero)) {
      return super.gate(g, z, sigmoid);
    }
    double factor = Math.scalb((double) HardSigmoid.FACTOR, -sigmoid.shift());
    return g.fromBytes(
        g.contributed(
            "QLinearLeakyRelu",
            List.of(
                g.bytes(z),
                g.scalar(factor * (1 + TIE)),
                g.byteScalar((int) zero),
                g.scalar(1),
                g.byteScalar(FloatGraph.ZERO)),
            real("alpha", 0)));
  }
}
