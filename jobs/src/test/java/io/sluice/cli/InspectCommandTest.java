package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.target.DpuTarget;
import io.sluice.target.Targets;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path dir;
  private Path model;

  @BeforeEach
  void writeModel() throws IOException {
    model = dir.resolve("cls.onnx");
    try (InputStream in =
        getClass().getResourceAsStream("/models/ch_ppocr_mobile_v2.0_cls_infer.onnx")) {
      Files.copy(in, model);
    }
  }

  private int inspect(String shape, String... more) {
    String[] args = new String[4 + more.length];
    System.arraycopy(
        new String[] {"inspect", model.toString(), "--input-shape", shape}, 0, args, 0, 4);
    System.arraycopy(more, 0, args, 4, more.length);
    return Main.run(new PrintWriter(out), new PrintWriter(err), args);
  }

  @Test
  void aFloatModelIsInspectedAndDrawn() throws IOException {
    String target = "DPUCZDX8G_ISA1_B4096";
    int code = inspect("x=1,3,48,192", "--target", target, "--out", dir.toString(), "--json");
    assertThat(err.toString()).isEmpty();
    assertThat(code).isZero();
    JsonNode document = new ObjectMapper().readTree(out.toString());
    assertThat(document.get("target").asText()).isEqualTo(target);
    assertThat(document.get("dpuSubgraphs").asInt()).isPositive();
    assertThat(document.get("dpuMacShare").asDouble()).isBetween(0.5, 1.0);
    for (JsonNode op : document.get("ops")) {
      boolean cpu = op.get("device").asText().equals("CPU");
      assertThat(op.get("hint").asText().isEmpty()).isEqualTo(!cpu);
    }
    assertThat(Files.readString(dir.resolve(target + ".svg"))).startsWith("<svg");
    assertThat(dir.resolve(target + ".txt")).isNotEmptyFile();
  }

  @Test
  void aShapeThatIsNoneIsWrongUsage() {
    assertThat(inspect("x=1,a", "--target", "DPUCZDX8G_ISA1_B4096")).isEqualTo(2);
    assertThat(err.toString()).startsWith("SLUICE_USAGE: --input-shape x=1,a is not like");
  }

  @Test
  void allTargetsStandSideBySideWithTheReasonsForTheCpu() {
    assertThat(inspect("x=1,3,48,192", "--target", "all")).isZero();
    assertThat(out.toString()).startsWith("target ");
    for (DpuTarget target : Targets.builtIn().all()) {
      assertThat(out.toString()).containsPattern("(?m)^" + target.name() + "( |$)");
    }
    assertThat(out.toString()).contains(": table28.family: Table 28 has no limits for");
  }
}
