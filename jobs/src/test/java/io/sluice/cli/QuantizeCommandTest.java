package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.xir.Graph;
import io.sluice.xir.Npy;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import io.sluice.xir.XModel;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class QuantizeCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path dir;
  private Path model;
  private Path data;

  @BeforeEach
  void writeModelAndData() throws IOException {
    model = dir.resolve("cls.onnx");
    try (InputStream in =
        getClass().getResourceAsStream("/models/ch_ppocr_mobile_v2.0_cls_infer.onnx")) {
      Files.copy(in, model);
    }
    data = writeData(Shape.of(2, 3, 48, 192));
  }

  private Path writeData(Shape shape) throws IOException {
    Random random = new Random(3);
    float[] values = new float[shape.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = 2 * random.nextFloat() - 1;
    }
    return Files.write(dir.resolve("x.npy"), Npy.toBytes(TensorData.ofFloats(shape, values)));
  }

  private int quantize(Path to, String... more) {
    String[] args = new String[8 + more.length];
    System.arraycopy(
        new String[] {
          "quantize",
          model.toString(),
          "--calib",
          data.toString(),
          "--out",
          to.toString(),
          "--input-shape",
          "x=1,3,48,192"
        },
        0,
        args,
        0,
        8);
    System.arraycopy(more, 0, args, 8, more.length);
    return Main.run(new PrintWriter(out), new PrintWriter(err), args);
  }

  @Test
  void anXmodelHasTheFixOpsWhosePositionsAreReported() throws IOException {
    Path to = dir.resolve("cls.xmodel");
    assertThat(quantize(to, "--json")).as(err.toString()).isZero();
    JsonNode report = new ObjectMapper().readTree(out.toString());
    assertThat(report.get("warnings").isArray()).isTrue();
    Graph graph = XModel.read(to);
    long fixes = graph.ops().stream().filter(op -> op.type().equals("fix")).count();
    assertThat(report.get("positions").size()).isEqualTo((int) fixes).isGreaterThan(150);
    assertThat(report.get("positions").get("x").asInt())
        .isEqualTo(graph.op("x_fix").attrs().getInt("fix_point"));
  }

  @Test
  void anOnnxFileOpensInStockOnnxRuntime() throws Exception {
    Path to = dir.resolve("cls_int8.onnx");
    assertThat(quantize(to)).as(err.toString()).isZero();
    try (OrtSession session =
        OrtEnvironment.getEnvironment()
            .createSession(to.toString(), new OrtSession.SessionOptions())) {
      assertThat(session.getInputNames()).containsExactly("x");
    }
    assertThat(out.toString()).contains("tensors quantized, written to");
  }

  @Test
  void dataOfAnotherShapeFailsWithOneLineAndWritesNothing() throws IOException {
    data = writeData(Shape.of(2, 3, 48, 100));
    Path to = dir.resolve("bad.xmodel");
    assertThat(quantize(to)).isEqualTo(1);
    assertThat(err.toString())
        .startsWith("QUANTIZER_TORCH_SHAPE_MISMATCH: data of shape [2, 3, 48, 100]")
        .hasLineCount(1);
    assertThat(to).doesNotExist();
  }

  @Test
  void anOutputOfAnUnknownKindIsWrongUsage() {
    assertThat(quantize(dir.resolve("cls.bin"))).isEqualTo(2);
    assertThat(err.toString()).startsWith("SLUICE_USAGE");
  }
}
