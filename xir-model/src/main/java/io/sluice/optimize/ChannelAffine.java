package io.sluice.optimize;

import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.Arrays;

/**
 * What an op does to each channel, the last dimension: {@code x * scale + shift}. So work a
 * product, quotient, sum or difference with constants, batch norm and {@code scale}. Factors are
 * computed in double.
 *
 * @param operand the tensor that is scaled or shifted
 * @param scale one factor per channel, finite
 * @param shift one term per channel, finite
 */
record ChannelAffine(Op operand, double[] scale, double[] shift) {
  /** What an op does, or null if it is something else. */
  static ChannelAffine of(Op op) {
    ChannelAffine affine =
        switch (op.type()) {
          case "mul", "add" -> commuting(op);
          case "div", "sub" -> eltwise(op, 0);
          case "batchnorm" -> batchNorm(op);
          case "scale" -> scaled(op);
          default -> null;
        };
    return affine != null && finite(affine.scale) && finite(affine.shift) ? affine : null;
  }

  int channels() {
    return scale.length;
  }

  private static ChannelAffine commuting(Op op) {
    ChannelAffine affine = eltwise(op, 0);
    return affine == null ? eltwise(op, 1) : affine;
  }

  private static ChannelAffine eltwise(Op op, int at) {
    if (op.inputs("input").size() != 2) {
      return null;
    }
    Op operand = op.inputs("input").get(at);
    Shape shape = operand.output().shape();
    if (operand.type().equals("const") || shape.rank() == 0 || !shape.equals(op.output().shape())) {
      return null;
    }
    int channels = shape.dim(-1);
    double[] values = perChannel(Match.other(op, at), channels);
    if (values == null) {
      return null;
    }
    double[] ones = new double[channels];
    Arrays.fill(ones, 1);
    double[] zeros = new double[channels];
    return switch (op.type()) {
      case "mul" -> new ChannelAffine(operand, values, zeros);
      case "div" ->
          new ChannelAffine(operand, Arrays.stream(values).map(v -> 1 / v).toArray(), zeros);
      case "add" -> new ChannelAffine(operand, ones, values);
      default -> new ChannelAffine(operand, ones, Arrays.stream(values).map(v -> -v).toArray());
    };
  }

  private static ChannelAffine batchNorm(Op op) {
    int channels = op.output().shape().dim(-1);
    double[] gamma = perChannel(op.input("gamma"), channels);
    double[] beta = perChannel(op.input("beta"), channels);
    double[] mean = perChannel(op.input("moving_mean"), channels);
    double[] var = perChannel(op.input("moving_var"), channels);
    if (gamma == null || beta == null || mean == null || var == null || !isLastAxis(op)) {
      return null;
    }
    double epsilon = op.attrs().getFloat("epsilon");
    double[] scale = new double[channels];
    double[] shift = new double[channels];
    for (int c = 0; c < channels; c++) {
      scale[c] = gamma[c] / Math.sqrt(var[c] + epsilon);
      shift[c] = beta[c] - mean[c] * scale[c];
    }
    return new ChannelAffine(op.input(), scale, shift);
  }

  private static ChannelAffine scaled(Op op) {
    int channels = op.output().shape().dim(-1);
    double[] scale = perChannel(op.input("scale"), channels);
    double[] shift =
        op.inputs("bias").isEmpty() ? new double[channels] : perChannel(op.input("bias"), channels);
    return scale == null || shift == null || !isLastAxis(op)
        ? null
        : new ChannelAffine(op.input(), scale, shift);
  }

  private static boolean isLastAxis(Op op) {
    int axis = op.attrs().getInt("axis", -1);
    return axis == -1 || axis == op.output().shape().rank() - 1;
  }

  /** A constant of one value, or of one value for each channel in the last dimension; else null. */
  private static double[] perChannel(Op op, int channels) {
    if (!Match.isConst(op)) {
      return null;
    }
    Shape shape = op.output().shape();
    int elements = shape.elements();
    if (elements != 1 && (elements != channels || shape.dim(-1) != channels)) {
      return null;
    }
    TensorData data = op.constData();
    double[] values = new double[channels];
    Arrays.setAll(values, c -> data.getFloat(elements == 1 ? 0 : c));
    return values;
  }

  private static boolean finite(double[] values) {
    return Arrays.stream(values).allMatch(v -> Double.isFinite((float) v));
  }

  /** The factors as floats. */
  float[] scales() {
    return floats(scale);
  }

  /** The terms as floats. */
  float[] shifts() {
    return floats(shift);
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
