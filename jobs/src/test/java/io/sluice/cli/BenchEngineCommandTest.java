package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.dpu.exact.ExactEngine;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchEngineCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  private int run(String... args) {
    return Main.run(new PrintWriter(out), new PrintWriter(err), args);
  }

  @Test
  @Tag("slow")
  void theExactEngineIsComparedWithTheReferenceAndTimedBesideOnnxRuntime() throws Exception {
    Path model = folder.resolve("cls.onnx");
    try (InputStream in =
        BenchEngineCommandTest.class.getResourceAsStream(
            "/models/ch_ppocr_mobile_v2.0_cls_infer.onnx")) {
      Files.copy(in, model);
    }
    assertThat(
            run(
                "bench",
                "engine",
                "--model",
                model.toString(),
                "--input-shape",
                "x=1,3,48,192",
                "--threads",
                "1,2",
                "--rounds",
                "2",
                "--json"))
        .as(err.toString())
        .isZero();
    JsonNode document = new ObjectMapper().readTree(out.toString());
    assertThat(document.get("exactSums").asText())
        .isEqualTo(ExactEngine.sums(1).name().toLowerCase(Locale.ROOT));
    JsonNode results = document.get("results");
    assertThat(results).hasSize(2);
    for (JsonNode result : results) {
      assertThat(result.get("model").asText()).isEqualTo("cls.onnx");
      assertThat(result.get("values").asLong()).isPositive();
      assertThat(result.get("mismatches").asLong()).isZero();
      assertThat(result.get("ratio").asDouble())
          .isEqualTo(result.get("exactMs").asDouble() / result.get("floatMs").asDouble());
      assertThat(result.get("int8")).hasSize(2);
      for (JsonNode int8 : result.get("int8")) {
        assertThat(int8.get("ratio").asDouble())
            .isEqualTo(int8.get("ms").asDouble() / result.get("floatMs").asDouble());
        assertThat(int8.get("kernels").get("QLinearConv").asInt()).isGreaterThanOrEqualTo(53);
        assertThat(int8.get("kernels").has("Conv")).isFalse();
        assertThat(int8.get("kernels").has("FusedConv")).isFalse();
      }
    }
    assertThat(results.get(1).get("threads").asInt()).isEqualTo(2);
    assertThat(results.get(0).get("int8").get(0).get("form").asText()).isEqualTo("u8s8");
    assertThat(results.get(0).get("int8").get(1).get("form").asText()).isEqualTo("s8s8");
  }

  @Test
  void wrongNumbersAreWrongUsage() {
    assertThat(run("bench", "engine", "--model", "m.onnx", "--rounds", "0")).isEqualTo(2);
    assertThat(run("bench", "engine", "--model", "m.onnx", "--threads", "0")).isEqualTo(2);
    assertThat(run("bench")).isEqualTo(2);
    assertThat(err.toString()).contains("choose 1 to");
  }
}
