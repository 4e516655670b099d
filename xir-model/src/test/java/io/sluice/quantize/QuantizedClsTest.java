package io.sluice.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.onnx.OnnxExporter;
import io.sluice.onnx.QdqExporter;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.RoundMode;
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The PP-OCR orientation model, quantized from drawn lines of text. */
@Tag("slow")
class QuantizedClsTest {
  private static final Graph FLOAT = OcrModels.orientation();
  private static final Samples CALIBRATION = OcrModels.lines(FLOAT, 16, 1);
  private static final QuantizedModel MODEL =
      Quantizer.quantize(FLOAT, CALIBRATION, QuantizeConfig.standard());

  @Test
  void theQuantizedGraphAgreesWithTheFloatGraphOnOtherLines() throws Exception {
    Samples other = OcrModels.lines(FLOAT, 32, 2);
    try (OrtRun exact = OrtRun.of(FLOAT, OnnxExporter::export);
        OrtRun simulated = OrtRun.of(MODEL.graph(), OnnxExporter::export);
        OrtRun qdq = OrtRun.of(MODEL.graph(), QdqExporter::export)) {
      Agreement simulation = new Agreement();
      Agreement standard = new Agreement();
      for (Map<String, TensorData> sample : other.all()) {
        float[] wanted = exact.run(sample);
        simulation.add(wanted, simulated.run(sample));
        standard.add(wanted, qdq.run(sample));
      }
      System.out.println("cls simulation " + simulation + ", QDQ " + standard);
      assertThat(simulation.argMaxShare()).isGreaterThanOrEqualTo(0.9);
      assertThat(standard.argMaxShare()).isGreaterThanOrEqualTo(0.9);
    }
  }

  @Test
  void constantsHoldTheValuesOfTheirIntegers() {
    for (Op op : MODEL.graph().ops()) {
      if (op.type().equals("fix") && op.input().type().equals("const")) {
        float[] values = op.input().constData().toFloats();
        int position = op.attrs().getInt("fix_point");
        for (float v : values) {
          double q = v * Math.scalb(1.0, position);
          assertThat(q).isBetween(-128.0, 127.0).isEqualTo(RoundMode.PY3_ROUND.round(q));
        }
      }
    }
  }

  @Test
  void everyConvolutionReadsFixedTensorsWithinTheShiftsOfADpu() {
    List<Op> convolutions =
        MODEL.graph().ops().stream().filter(op -> op.type().contains("conv2d")).toList();
    assertThat(convolutions).hasSizeGreaterThanOrEqualTo(53);
    for (Op op : convolutions) {
      Op next = op.fanOut().get(0);
      Op out = next.type().equals("fix") ? next : next.fanOut().get(0);
      assertThat(out.type()).isEqualTo("fix");
      int accumulator = position(op.input()) + position(op.input("weights"));
      int cut = accumulator - position(out);
      assertThat(cut).isBetween(0, 16);
      if (!op.inputs("bias").isEmpty()) {
        int shift = accumulator - position(op.input("bias"));
        assertThat(shift).isBetween(Math.min(0, cut - 16), 16);
      }
    }
  }

  private static int position(Op fix) {
    assertThat(fix.type()).isEqualTo("fix");
    return fix.attrs().getInt("fix_point");
  }

  @Test
  void theSameDataGivesTheSameGraphHoweverItIsSharedOut() {
    QuantizationPlan plan = QuantizationPlan.of(Quantizer.prepare(FLOAT));
    QuantizeConfig config = QuantizeConfig.standard();
    try (Calibrator calibrator = Calibrator.open(plan, config)) {
      CalibrationStatistics statistics = CalibrationStatistics.empty();
      for (int i = CALIBRATION.count() - 1; i >= 0; i--) {
        CalibrationStatistics one = calibrator.observe(i, CALIBRATION.sample(i));
        statistics = CalibrationStatistics.fromBytes(one.toBytes()).merge(statistics);
      }
      QuantizedModel again = Quantizer.decide(plan, statistics, config);
      assertThat(again.positions()).isEqualTo(MODEL.positions());
      assertThat(again.warnings()).isEqualTo(MODEL.warnings());
      assertThat(OcrModels.export(again.graph())).isEqualTo(OcrModels.export(MODEL.graph()));
    }
  }

  @Test
  void withoutOverflowIsCoarserThanLeastError() throws Exception {
    QuantizedModel safe =
        Quantizer.quantize(FLOAT, CALIBRATION, QuantizeConfig.of(PositionMethod.NON_OVERFLOW));
    int finer = 0;
    for (Map.Entry<String, Integer> e : safe.positions().entrySet()) {
      finer += MODEL.positions().get(e.getKey()) > e.getValue() ? 1 : 0;
    }
    assertThat(finer).isPositive();
  }
}
