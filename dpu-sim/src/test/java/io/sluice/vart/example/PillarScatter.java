package io.sluice.vart.example;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import io.sluice.xir.custom.OpImplementation;
import java.util.List;

/**
 * The PointPillars scatter of the guide's custom-op example: the features of each pillar go to its
 * place on the map, all else is 0. A later pillar on the same place wins, and pillars whose batch
 * index is negative are empty.
 */
public final class PillarScatter implements OpImplementation {
  /** Where a pillar's coordinates have its batch, y and x. */
  private static final int BATCH = 0;

  private static final int Y = 2;
  private static final int X = 3;
  private static final int COORDINATES = 4;

  @Override
  public String type() {
    return ExampleOps.SCATTER;
  }

  /**
   * @throws SluiceException VART_OUT_OF_RANGE if a pillar lies beyond the map
   */
  @Override
  public TensorData calculate(Op op, List<TensorData> inputs) {
    Shape map = op.output().shape();
    int channels = map.dim(1);
    int area = map.dim(2) * map.dim(3);
    int pillars = inputs.get(0).shape().dim(2);
    float[] features = inputs.get(0).toFloats();
    float[] coordinates = inputs.get(1).toFloats();
    float[] out = new float[map.elements()];
    for (int n = 0; n < map.dim(0); n++) {
      for (int p = 0; p < pillars; p++) {
        int at = (n * pillars + p) * COORDINATES;
        if (coordinates[at + BATCH] < 0) {
          continue;
        }
        int place = place(op, p, coordinates[at + Y], coordinates[at + X]);
        for (int c = 0; c < channels; c++) {
          out[(n * channels + c) * area + place] = features[(n * channels + c) * pillars + p];
        }
      }
    }
    return TensorData.ofFloats(map, out);
  }

  private static int place(Op op, int pillar, float y, float x) {
    Shape map = op.output().shape();
    if (y >= 0 && y < map.dim(2) && x >= 0 && x < map.dim(3)) {
      return (int) y * map.dim(3) + (int) x;
    }
    throw new SluiceException(
        ErrorCode.VART_OUT_OF_RANGE,
        "pillar " + pillar + " at y " + y + ", x " + x + " of a map " + map,
        "op '" + op.name() + "' (" + op.type() + ")",
        "give pillars inside the map, or a negative batch index for empty ones");
  }
}
