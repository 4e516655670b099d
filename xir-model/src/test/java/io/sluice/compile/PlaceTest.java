package io.sluice.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.sluice.target.DpuTarget;
import io.sluice.target.Targets;
import io.sluice.xir.Attrs;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Float graphs, before anybody has calibrated them. */
class PlaceTest {
  private static final DpuTarget B4096 = Targets.builtIn().byName("DPUCZDX8G_ISA1_B4096");

  private final Graph graph = new Graph("float");

  private Op input(int... shape) {
    return graph.add(
        "in", "data", Attrs.EMPTY.with("shape", shape).with("data_type", "FLOAT32"), Map.of());
  }

  private Op conv(String name, Op in, int channels, int kernel) {
    Shape weights = Shape.of(channels, kernel, kernel, in.output().shape().dim(3));
    Op constant =
        graph.addConst(name + "_w", TensorData.ofFloats(weights, new float[weights.elements()]));
    Attrs attrs =
        Attrs.EMPTY
            .with("kernel", new int[] {kernel, kernel})
            .with("stride", new int[] {1, 1})
            .with("pad_mode", "FLOOR");
    return graph.add(
        name, "conv2d", attrs, Map.of("input", List.of(in), "weights", List.of(constant)));
  }

  private Op op(String name, String type, Op... in) {
    return graph.add(name, type, Attrs.EMPTY, in);
  }

  @Test
  void opsOfAFloatGraphHaveAPlaceAndAReason() {
    Op c = conv("c", input(1, 32, 32, 8), 16, 3);
    Op swish = op("h", "hard-swish", c);
    Op large = conv("large", swish, 16, 17);
    op("e", "exp", large);
    assertThat(Compiler.place(graph, B4096))
        .extracting(OpPlacement::name, OpPlacement::device, OpPlacement::rule)
        .containsExactly(
            tuple("in", Device.USER, ""),
            tuple("c", Device.DPU, ""),
            tuple("h", Device.DPU, ""),
            tuple("large", Device.CPU, "table28.conv2d.kernel_w"),
            tuple("e", Device.CPU, "dpu.operator"));
    assertThat(graph.ops()).hasSize(7);
  }

  @Test
  void aGraphThatNoDpuCouldRunHasReasonsToo() {
    op("s", "exp", input(1, 32));
    assertThat(Compiler.place(graph, B4096))
        .extracting(OpPlacement::device)
        .containsExactly(Device.USER, Device.CPU);
    assertThat(Compiler.place(graph, B4096).get(1).rule()).isEqualTo("dpu.operator");
  }

  @Test
  void sharedPositionsDoNotKeepAnythingOffTheDpu() {
    Op c = conv("c", input(1, 32, 32, 8), 16, 3);
    Op sigmoid = op("s", "hard-sigmoid", c);
    Op both = op("m", "mul", sigmoid, c);
    op("r", "relu6", conv("d", both, 16, 1));
    assertThat(Compiler.place(graph, B4096)).filteredOn(p -> p.device() == Device.CPU).isEmpty();
  }
}
