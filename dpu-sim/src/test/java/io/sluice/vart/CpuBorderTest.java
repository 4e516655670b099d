package io.sluice.vart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.dpu.exact.FixBorder;
import io.sluice.xir.Attrs;
import io.sluice.xir.DataType;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.RoundMode;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The borders of a CPU subgraph: from float to fixed point and back. */
class CpuBorderTest {

  /** Within two floats of every boundary between integers, and what lies beyond them. */
  private static TensorData nextToBoundaries(int position) {
    List<Float> values = new ArrayList<>();
    for (int step = -131; step <= 131; step++) {
      for (float at : new float[] {step, step + 0.5f}) {
        float value = Math.scalb(at, -position);
        float below = Math.nextDown(value);
        float above = Math.nextUp(value);
        values.addAll(List.of(value, below, Math.nextDown(below), above, Math.nextUp(above)));
      }
    }
    values.addAll(List.of(Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MAX_VALUE));
    values.addAll(List.of(Float.MIN_VALUE, -Float.MIN_VALUE, -0f));
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i);
    }
    return TensorData.ofFloats(Shape.of(1, floats.length), floats);
  }

  private static Attrs fix(int position, RoundMode rounding) {
    return Attrs.EMPTY
        .with("fix_point", position)
        .with("bit_width", 8)
        .with("if_signed", true)
        .with("round_mode", rounding.name());
  }

  /** Floats to integers, on to a DPU, and from there back. */
  private static Graph roundTrip(Shape shape, Attrs fix, boolean overDpu) {
    Graph graph = new Graph("border");
    Op x =
        graph.add(
            "x", "data", Attrs.EMPTY.with("shape", shape.toArray()).with("data_type", "FLOAT32"));
    Op q = graph.add("q", "float2fix", fix, x);
    q.setOutput(q.output().withAttrs(fix));
    if (overDpu) {
      q = graph.add("up", "upload", Attrs.EMPTY, q);
      q.setOutput(q.output().withAttrs(fix));
    }
    graph.add("y", "fix2float", fix, q);
    graph
        .root()
        .createChildren(
            overDpu
                ? List.of(
                    List.of(x),
                    List.of(graph.op("q")),
                    List.of(graph.op("up")),
                    List.of(graph.op("y")))
                : List.of(List.of(x), List.of(graph.op("q"), graph.op("y"))));
    String[] devices =
        overDpu ? new String[] {"USER", "CPU", "DPU", "CPU"} : new String[] {"USER", "CPU"};
    for (int i = 0; i < devices.length; i++) {
      graph.root().children().get(i).setAttrs(Attrs.EMPTY.with("device", devices[i]));
    }
    return graph;
  }

  @Test
  void roundingIsExactWhicheverSideOfTheBorderDoesIt() {
    for (RoundMode rounding : RoundMode.values()) {
      for (int position : new int[] {-3, 0, 4, 7, 20}) {
        TensorData x = nextToBoundaries(position);
        Attrs fix = fix(position, rounding);
        TensorData wanted =
            FixBorder.toFloat(FixBorder.toFix(x, position, DataType.XINT8, rounding), position);
        for (boolean overDpu : new boolean[] {false, true}) {
          try (GraphRunner runner =
              GraphRunner.create(roundTrip(x.shape(), fix, overDpu), RunnerOptions.standard())) {
            assertThat(runner.execute(Map.of("x", x)).get("y").toFloats())
                .as("%s at %d, over a DPU: %s", rounding, position, overDpu)
                .isEqualTo(wanted.toFloats());
          }
        }
      }
    }
  }

  @Test
  void aNaNOnItsWayToADpuIsRefused() {
    Shape shape = Shape.of(1, 3);
    Graph graph = roundTrip(shape, fix(4, RoundMode.DPU_ROUND), true);
    try (GraphRunner runner = GraphRunner.create(graph, RunnerOptions.standard())) {
      TensorData x = TensorData.ofFloats(shape, 1, Float.NaN, 2);
      assertThatThrownBy(() -> runner.execute(Map.of("x", x)))
          .hasMessageStartingWith("XIR_MEANINGLESS_VALUE: NaN at index 1");
    }
  }
}
