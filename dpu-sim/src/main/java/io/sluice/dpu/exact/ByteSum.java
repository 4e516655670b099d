package io.sluice.dpu.exact;

import io.sluice.ort.OrtModel;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.Map;

/**
 * A sum of two tensors of bytes as QLinearAdd, which does round(fa (a - za) + fb (b - zb)) + zc in
 * floats, halves to even. With a and b being ZERO more than their values, and factors ra and rb
 * that are powers of two, the byte wanted is round(ra a + rb b + K), halves up, with K = ZERO (1 -
 * ra - rb): so za, zb and zc are chosen to give K. Where there is something to round, the factors
 * are larger by a small part, so that what was a tie is above it. That the part is neither too
 * small nor too large is proved by trying all pairs of bytes.
 *
 * @param exponentA of the factor of a, ra = 2^exponentA
 * @param exponentB of that of b
 */
record ByteSum(int exponentA, int exponentB, int zeroA, int zeroB, int zeroC) {
  private static final int ALL = 1 << 16;

  /** Bits of a byte, and one more of room. */
  private static final int ROOM = Byte.SIZE + 1;

  /** The sum of an op; null if there is no such sum. */
  static ByteSum of(ElementwiseKernel kernel) {
    Activation.Kind kind = kernel.activation().kind();
    boolean limits =
        kind == Activation.Kind.NONE
            || kind == Activation.Kind.RELU
            || kind == Activation.Kind.RELU6;
    if (kernel.product()
        || !limits
        || kernel.inputs().size() != 2
        || !kernel.inputs().stream().allMatch(kernel.output()::equals)) {
      return null;
    }
    return of(
        kernel.shiftsRead().get(0) - kernel.shift(), kernel.shiftsRead().get(1) - kernel.shift());
  }

  private static ByteSum of(int exponentA, int exponentB) {
    double ra = Math.scalb(1.0, exponentA);
    double rb = Math.scalb(1.0, exponentB);
    double k = FloatGraph.ZERO * (1 - ra - rb);
    if (k >= 0) {
      return k == Math.rint(k) ? new ByteSum(exponentA, exponentB, 0, 0, (int) k) : null;
    }
    for (int zeroA = 0; zeroA <= 255; zeroA++) {
      double zeroB = (-k - ra * zeroA) / rb;
      if (zeroB >= 0 && zeroB <= 255 && zeroB == Math.rint(zeroB)) {
        return new ByteSum(exponentA, exponentB, zeroA, (int) zeroB, 0);
      }
    }
    return null;
  }

  private double factor(int exponent) {
    int bits = Math.max(0, -Math.min(exponentA, exponentB));
    double part = bits == 0 ? 0 : Math.scalb(1.0, -bits - ROOM);
    return Math.scalb(1 + part, exponent);
  }

  /** Adds the node. */
  String node(String a, String b, FloatGraph g) {
    return g.contributed(
        "QLinearAdd",
        List.of(
            a,
            g.scalar(factor(exponentA)),
            g.byteScalar(zeroA),
            b,
            g.scalar(factor(exponentB)),
            g.byteScalar(zeroB),
            g.scalar(1),
            g.byteScalar(zeroC)));
  }

  /** Tries all pairs of bytes, in an odd number of places so that a vector's rest is tried too. */
  boolean isExact() {
    Shape shape = Shape.of(ALL + 1);
    byte[] a = new byte[ALL + 1];
    byte[] b = new byte[ALL + 1];
    for (int i = 0; i <= ALL; i++) {
      a[i] = (byte) i;
      b[i] = (byte) (i >> Byte.SIZE);
    }
    Tensor x = new Tensor("a", DataType.XINT8, shape);
    Tensor y = new Tensor("b", DataType.XINT8, shape);
    Tensor z = new Tensor("c", DataType.XINT8, shape);
    FloatGraph g = new FloatGraph();
    String sum = node(g.bytes(g.input(x).name()), g.bytes(g.input(y).name()), g);
    g.output(z, new FloatGraph.Value(g.fromBytes(sum), shape));
    Map<String, TensorData> values =
        Map.of(
            "a", TensorData.wrap(DataType.XINT8, shape, a),
            "b", TensorData.wrap(DataType.XINT8, shape, b));
    int lowest = Math.min(exponentA, exponentB);
    Requantize requantize = new Requantize(-lowest);
    try (OrtModel model = new OrtModel(g.toBytes(), List.of(x, y), List.of(z), "sum", 1)) {
      TensorData sums = model.run(values).get("c");
      for (int i = 0; i <= ALL; i++) {
        long total = ((long) a[i] << exponentA - lowest) + ((long) b[i] << exponentB - lowest);
        if (sums.getByte(i) != requantize.apply(total)) {
          return false;
        }
      }
    }
    return true;
  }
}
