package io.sluice.aks.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Intersections over unions of all pairs of boxes, as matrices. */
public final class NdIou {
  private NdIou() {}

  /**
   * @param sides left, top, right, bottom, each [1, n]
   * @return [n, n]
   */
  public static INDArray matrix(INDArray... sides) {
    int count = (int) sides[0].length();
    INDArray width = span(sides[0], sides[2], count);
    INDArray both = width.muli(span(sides[1], sides[3], count));
    INDArray areas = sides[2].sub(sides[0]).muli(sides[3].sub(sides[1]));
    INDArray union =
        Nd4j.zeros(count, count)
            .addiRowVector(areas)
            .addiColumnVector(areas.reshape(count, 1))
            .subi(both);
    return both.div(union);
  }

  private static INDArray span(INDArray low, INDArray high, int count) {
    INDArray end =
        Transforms.min(
            high.broadcast(count, count), high.reshape(count, 1).broadcast(count, count), true);
    INDArray begin =
        Transforms.max(
            low.broadcast(count, count), low.reshape(count, 1).broadcast(count, count), true);
    return Transforms.max(end.subi(begin), 0);
  }
}
