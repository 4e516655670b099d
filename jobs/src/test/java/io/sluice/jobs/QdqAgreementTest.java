package io.sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.aks.kernel.CtcDecoder;
import io.sluice.compile.Compiler;
import io.sluice.flink.ocr.OcrModels;
import io.sluice.jobs.demo.DemoPage;
import io.sluice.onnx.QdqExporter;
import io.sluice.optimize.Rewrite;
import io.sluice.ort.OrtModel;
import io.sluice.quantize.QuantizeConfig;
import io.sluice.quantize.QuantizedModel;
import io.sluice.quantize.Quantizer;
import io.sluice.target.Targets;
import io.sluice.vart.FloatInputs;
import io.sluice.vart.GraphRunner;
import io.sluice.vart.Runner;
import io.sluice.vart.RunnerOptions;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.TensorData;
import io.sluice.xir.XModel;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The integers of the DPU against stock ONNX Runtime on the standard QDQ export, which rounds
 * halves to even and sums its own way, on lines of the demo's pages.
 */
@Tag("slow")
class QdqAgreementTest {
  private static final int WIDTH = 320;
  private static final int LINES = 100;

  @Test
  void exactIntegersAndTheQdqExportReadTheSame() throws IOException {
    OcrModels floats = JobRun.models();
    Graph graph = XModel.read(Path.of(URI.create(floats.recognition().get(WIDTH).uri())));
    List<Map<String, TensorData>> samples =
        lines(CalibrationSet.of(CalibrationSet.pages(), floats, 2 * LINES), LINES / 2).stream()
            .map(line -> Map.of(graph.inputs().get(0).output().name(), line))
            .toList();
    QuantizedModel quantized =
        Quantizer.quantize(List.of(graph), samples, QuantizeConfig.standard().refined()).get(0);
    List<TensorData> lines =
        lines(
            CalibrationSet.of(
                DemoPage.shipped().stream().map(DemoPage::image).toList(), floats, 4 * LINES),
            LINES);

    CtcDecoder decoder = new CtcDecoder(floats.alphabet());
    int texts = 0;
    long steps = 0;
    long equalSteps = 0;
    try (Runner exact = exact(quantized.graph());
        OrtModel qdq = qdq(quantized.graph())) {
      String input = exact.inputTensors().get(0).name();
      for (TensorData line : lines) {
        TensorData a = exact.execute(Map.of(input, line)).values().iterator().next();
        TensorData b = qdq.run(Map.of(input, line)).values().iterator().next();
        texts += decoder.decode(a).text().equals(decoder.decode(b).text()) ? 1 : 0;
        int classes = a.shape().dim(-1);
        for (int at = 0; at < a.shape().elements(); at += classes) {
          steps++;
          equalSteps += argMax(a, at, classes) == argMax(b, at, classes) ? 1 : 0;
        }
      }
    }
    System.out.printf(
        "exact integers and QDQ in ONNX Runtime: %d of %d lines with the same text, %d of %d steps with"
            + " the same arg-max%n",
        texts, lines.size(), equalSteps, steps);
    assertThat(lines).hasSizeGreaterThan(LINES / 2);
    assertThat(texts).isGreaterThan(lines.size() * 3 / 4);
    assertThat(equalSteps).isGreaterThan(steps * 95 / 100);
  }

  private static List<TensorData> lines(CalibrationSet set, int most) {
    return set.recognition().stream()
        .filter(line -> line.shape().dim(2) == WIDTH)
        .limit(most)
        .toList();
  }

  private static Runner exact(Graph quantized) {
    return FloatInputs.of(
        GraphRunner.create(
            Compiler.compile(quantized, Targets.builtIn().byName("DPUCZDX8G_ISA1_B4096")).graph(),
            RunnerOptions.standard()));
  }

  private static OrtModel qdq(Graph quantized) {
    List<Op> outputs = List.copyOf(Rewrite.outputs(quantized));
    return new OrtModel(
        QdqExporter.export(quantized, quantized.inputs(), outputs),
        quantized.inputs().stream().map(Op::output).toList(),
        outputs.stream().map(Op::output).toList(),
        "QDQ export",
        1);
  }

  private static int argMax(TensorData values, int from, int count) {
    int best = 0;
    for (int i = 1; i < count; i++) {
      if (values.getFloat(from + i) > values.getFloat(from + best)) {
        best = i;
      }
    }
    return best;
  }
}
