package io.sluice.quantize;

import io.sluice.xir.DataType;
import io.sluice.xir.Op;
import io.sluice.xir.TensorData;
import java.util.List;

/**
 * What a multiplication, division, addition or subtraction by a constant does to each channel:
 * {@code x * scale + shift}.
 *
 * @param operand the tensor that is scaled or shifted
 * @param scale one factor per channel
 * @param shift one term per channel
 */
record Affine(Op operand, float[] scale, float[] shift) {

  /** What an op does, or null if it is something else. */
  static Affine of(Op op) {
    List<Op> in = op.inputs("input");
    boolean commutes = op.type().equals("mul") || op.type().equals("add");
    if (in.size() != 2 || !(commutes || op.type().equals("div") || op.type().equals("sub"))) {
      return null;
    }
    if (isPerChannel(in.get(1), in.get(0), op)) {
      return of(op.type(), in.get(0), in.get(1).constData());
    }
    if (commutes && isPerChannel(in.get(0), in.get(1), op)) {
      return of(op.type(), in.get(1), in.get(0).constData());
    }
    return null;
  }

  private static Affine of(String type, Op operand, TensorData constant) {
    int channels = operand.output().shape().dim(-1);
    float[] scale = new float[channels];
    float[] shift = new float[channels];
    for (int c = 0; c < channels; c++) {
      float v = constant.getFloat(constant.shape().elements() == 1 ? 0 : c);
      scale[c] =
          switch (type) {
            case "mul" -> v;
            case "div" -> 1 / v;
            default -> 1;
          };
      shift[c] =
          switch (type) {
            case "add" -> v;
            case "sub" -> -v;
            default -> 0;
          };
    }
    return new Affine(operand, scale, shift);
  }

  private static boolean isPerChannel(Op constant, Op operand, Op result) {
    if (!constant.type().equals("const")
        || operand.type().equals("const")
        || !constant.output().type().equals(DataType.FLOAT32)
        || !operand.output().shape().equals(result.output().shape())
        || operand.output().shape().rank() == 0) {
      return false;
    }
    int elements = constant.output().shape().elements();
    return elements == 1
        || (constant.output().shape().dim(-1) == elements
            && operand.output().shape().dim(-1) == elements);
  }
}
