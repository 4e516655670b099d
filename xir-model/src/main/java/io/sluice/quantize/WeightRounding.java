package io.sluice.quantize;

import io.sluice.xir.FixPoint;
import io.sluice.xir.Op;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The integers of a convolution's weights and bias, by {@link ErrorCompensation} on the moments of
 * its inputs. The bias is rounded first, so that the weights make up for its error too, as far as
 * the inputs have a mean. The position of the weights is, of those near the found one that the
 * shifters allow, the one with the least squared error at the output.
 */
final class WeightRounding {
  private static final String WEIGHTS = "weights";
  private static final String BIAS = "bias";
  private static final int REACH = 2;
  private static final double NO_BIAS_STEP = 1e-30;

  private final Op op;
  private final Positions positions;
  private final PositionRules rules;
  private final float[] weights;
  private final float[] bias;
  private final int outputs;
  private final boolean depthwise;
  private final ErrorCompensation[] compensations;

  /** Weights and bias on their grids. */
  private record Rounded(int weightPosition, int biasPosition, float[] weights, float[] bias) {}

  private WeightRounding(Op op, double[] triangles, Positions positions, PositionRules rules) {
    this.op = op;
    this.positions = positions;
    this.rules = rules;
    this.weights = op.input(WEIGHTS).constData().toFloats();
    this.bias = op.inputs(BIAS).isEmpty() ? null : op.input(BIAS).constData().toFloats();
    this.outputs = op.output().shape().dim(3);
    this.depthwise = ScaleFamily.isDepthwise(op);
    ConvMoments shape = new ConvMoments(op);
    int position = positions.get(op.input());
    this.compensations = new ErrorCompensation[shape.matrices()];
    IntStream.range(0, compensations.length)
        .parallel()
        .forEach(
            m ->
                compensations[m] =
                    new ErrorCompensation(matrix(triangles, m, shape.length(), position)));
  }

  /**
   * Decides the positions and values of the constants of a convolution.
   *
   * @param triangles what {@link ConvMoments#observe} gave, summed over samples
   * @param changed receives the new values
   */
  static void decide(
      Op op,
      double[] triangles,
      Positions positions,
      PositionRules rules,
      Map<Op, float[]> changed) {
    WeightRounding rounding = new WeightRounding(op, triangles, positions, rules);
    Rounded best = rounding.best();
    positions.setConstant(op, WEIGHTS, best.weightPosition());
    changed.put(op.input(WEIGHTS), best.weights());
    if (best.bias() != null) {
      positions.setConstant(op, BIAS, best.biasPosition());
      changed.put(op.input(BIAS), best.bias());
    }
  }

  private static double[][] matrix(double[] triangles, int index, int n, int position) {
    int from = index * (n * (n + 1) / 2);
    double count = triangles[from];
    double unit = FixPoint.powerOfTwo(-position);
    double[][] matrix = new double[n][n];
    int at = from;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double v = triangles[at++] / count * (i == 0 ? 1 : unit) * (j == 0 ? 1 : unit);
        matrix[i][j] = v;
        matrix[j][i] = v;
      }
    }
    return matrix;
  }

  private Rounded best() {
    int found = positions.constant(op, WEIGHTS);
    Rounded best = null;
    double least = Double.POSITIVE_INFINITY;
    for (int position = found - REACH; position <= found + REACH; position++) {
      if (position != found && !rules.allowsWeights(op, position)) {
        continue;
      }
      int biasPosition =
          bias == null ? 0 : rules.biasPosition(op, position, positions.constant(op, BIAS));
      Rounded rounded =
          new Rounded(position, biasPosition, weights.clone(), bias == null ? null : bias.clone());
      double error =
          Arrays.stream(
                  IntStream.range(0, outputs)
                      .parallel()
                      .mapToDouble(o -> roundRow(o, rounded))
                      .toArray())
              .sum();
      if (error < least) {
        least = error;
        best = rounded;
      }
    }
    return best;
  }

  private double roundRow(int output, Rounded rounded) {
    int n = 1 + weights.length / outputs;
    double[] row = new double[n];
    double[] steps = new double[n];
    Arrays.fill(steps, FixPoint.powerOfTwo(-rounded.weightPosition()));
    steps[0] = bias == null ? NO_BIAS_STEP : FixPoint.powerOfTwo(-rounded.biasPosition());
    row[0] = bias == null ? 0 : bias[output];
    for (int i = 1; i < n; i++) {
      row[i] = weights[index(output, i)];
    }
    ErrorCompensation compensation = compensations[depthwise ? output : 0];
    double[] q = compensation.round(row, steps);
    if (bias != null) {
      rounded.bias()[output] = (float) q[0];
    }
    for (int i = 1; i < n; i++) {
      rounded.weights()[index(output, i)] = (float) q[i];
    }
    return compensation.error(row, q);
  }

  /** Where the i-th weight of an output lies, in [O,H,W,I] or, depthwise, [1,H,W,C]. */
  private int index(int output, int i) {
    return depthwise ? (i - 1) * outputs + output : output * (weights.length / outputs) + i - 1;
  }
}
