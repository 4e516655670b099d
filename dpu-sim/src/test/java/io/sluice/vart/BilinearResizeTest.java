package io.sluice.vart;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.compile.Compiler;
import io.sluice.dpu.exact.ExactEngine;
import io.sluice.quantize.QuantizeConfig;
import io.sluice.quantize.Quantizer;
import io.sluice.quantize.Samples;
import io.sluice.target.Targets;
import io.sluice.xir.AttrValue;
import io.sluice.xir.Attrs;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A bilinear resize between convolutions, on the DPU as a transposed convolution. */
class BilinearResizeTest {
  private static final Shape INPUT = Shape.of(1, 6, 5, 3);

  private final Random random = new Random(9);
  private final Graph graph = new Graph("net");

  private TensorData random(Shape shape) {
    float[] values = new float[shape.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() * 2 - 1;
    }
    return TensorData.ofFloats(shape, values);
  }

  private Op conv(String name, Op in, int channels) {
    int depth = in.output().shape().dim(3);
    Op weights = graph.addConst(name + "_w", random(Shape.of(channels, 3, 3, depth)));
    Attrs attrs =
        Attrs.EMPTY
            .with("kernel", new int[] {3, 3})
            .with("stride", new int[] {1, 1})
            .with("pad_mode", "FLOOR")
            .with("pad", new int[] {1, 1, 1, 1});
    return graph.add(
        name, "conv2d", attrs, Map.of("input", List.of(in), "weights", List.of(weights)));
  }

  @ParameterizedTest
  @CsvSource({"2, false", "4, false", "8, false", "2, true", "4, true"})
  void theDpuGivesTheBytesOfTheInterpolation(int factor, boolean halfPixel) {
    Attrs shape = Attrs.EMPTY.with("shape", INPUT.toArray()).with("data_type", "FLOAT32");
    Op first = conv("first", graph.add("x", "data", shape), 16);
    Attrs resize =
        Attrs.EMPTY
            .with("mode", "BILINEAR")
            .with("half_pixel_centers", halfPixel)
            .with("scale", AttrValue.ofFloats(factor, factor));
    conv("y", graph.add("resized", "resize", resize, first), 8);
    TensorData calibration = random(INPUT.withDim(0, 8));
    Graph quantized =
        Quantizer.quantize(
                graph,
                Samples.of(graph.inputs(), Map.of("x", calibration)),
                QuantizeConfig.standard())
            .graph();
    Graph compiled =
        Compiler.compile(quantized, Targets.builtIn().byName("DPUCZDX8G_ISA1_B4096")).graph();
    assertThat(compiled.op("resized").type()).isEqualTo("transposed-depthwise-conv2d-fix");
    RunnerOptions fast = RunnerOptions.standard();
    try (GraphRunner dpu = GraphRunner.create(compiled, fast);
        GraphRunner reference =
            GraphRunner.create(compiled, fast.with(ExactEngine.Kind.REFERENCE));
        GraphRunner simulated = GraphRunner.create(quantized, fast)) {
      for (int i = 0; i < 4; i++) {
        Map<String, TensorData> sample = Map.of("x", random(INPUT));
        Map<String, TensorData> result = FloatInputs.of(dpu).execute(sample);
        assertThat(result).isEqualTo(FloatInputs.of(reference).execute(sample));
        assertThat(result.values()).containsExactlyElementsOf(simulated.execute(sample).values());
      }
    }
  }
}
