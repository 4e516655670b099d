package io.sluice.quantize;

import io.sluice.quantize.QuantizableOps.Kind;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;

/**
 * A float graph with {@code fix} ops where the quantizer puts them, but at positions that nobody
 * has measured: good for asking what a target runs before any data is at hand, and for nothing
 * else. The positions are such that no shift of the hardware is out of its range.
 */
public final class NominalQuantization {
  /** With the same position for everything all shifts are small. */
  private static final int POSITION = 4;

  private static final int BITS = 8;

  private NominalQuantization() {}

  /**
   * The graph of {@link Quantizer#prepare} with its {@code fix} ops.
   *
   * @param graph a float graph; not changed
   */
  public static Graph of(Graph graph) {
    QuantizationPlan plan = QuantizationPlan.of(Quantizer.prepare(graph));
    Positions positions = new Positions(plan);
    for (Op point : plan.points()) {
      boolean hard = plan.kind(point) == Kind.HARD_SIGMOID && plan.isQuantized(point);
      positions.seek(point, hard ? PositionRules.HARD_SIGMOID_OUTPUT : POSITION);
    }
    for (Op op : plan.order()) {
      if (plan.kind(op) == Kind.CONVOLUTION) {
        positions.setConstant(op, "weights", POSITION);
        if (!op.inputs("bias").isEmpty()) {
          positions.setConstant(op, "bias", POSITION);
        }
      }
    }
    new PositionRules(plan, positions).enforce();
    return new QuantizedGraphBuilder(plan, positions, BITS).build().graph();
  }
}
