package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  @Tag("slow")
  void theShippedPagesAreReadAndTheResultsWritten(@TempDir Path folder, TestReporter reporter)
      throws Exception {
    int exitCode = run("demo", "--json", "--out", folder.toString(), "--models", "target/models");

    assertThat(err.toString()).isEmpty();
    assertThat(exitCode).isZero();
    JsonNode summary = JSON.readTree(out.toString());
    reporter.publishEntry("summary", summary.toString());
    assertThat(summary).isEqualTo(JSON.readTree(folder.resolve("summary.json").toFile()));
    assertThat(summary.get("pages").asInt()).isGreaterThanOrEqualTo(12);
    assertThat(summary.get("deadLetters").asInt()).isZero();
    double accuracyFloat = summary.get("charAccuracyFloat").asDouble();
    assertThat(accuracyFloat).isGreaterThanOrEqualTo(0.97);
    assertThat(summary.get("charAccuracyInt8").asDouble())
        .isGreaterThanOrEqualTo(accuracyFloat - 0.03);
    assertThat(summary.get("dpuMsPerPageModelled").asDouble()).isPositive();
    for (String network : List.of("detection", "orientation", "recognition")) {
      assertThat(summary.get("dpuMacShare").get(network).asDouble()).isBetween(0.9, 1.0);
      assertThat(summary.get("onCpu").get(network)).isNotEmpty();
    }
    for (JsonNode node : summary.get("dpuNodes")) {
      assertThat(node.get("requests").asInt()).as(node.toString()).isPositive();
      assertThat(node.get("busyMsModelled").asDouble()).as(node.toString()).isPositive();
      assertThat(node.get("expired").asInt()).as(node.toString()).isZero();
    }
    assertThat(summary.get("pagesPerSecondMeasured").asDouble()).isPositive();
    for (JsonNode stage : summary.get("stages")) {
      assertThat(stage.get("packets").asInt()).as(stage.toString()).isPositive();
      assertThat(stage.get("busyMsMeasured").asDouble()).as(stage.toString()).isPositive();
    }

    List<String> pages = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve("results.jsonl"))) {
      JsonNode result = JSON.readTree(line);
      String page = result.get("requestId").asText();
      pages.add(page);
      assertThat(ImageIO.read(folder.resolve("pages/" + page + ".png").toFile()).getWidth())
          .isEqualTo(result.get("widthPixels").asInt());
    }
    assertThat(pages).isSorted().doesNotHaveDuplicates().hasSize(summary.get("pages").asInt());
  }

  @Test
  void aParallelismOutOfRangeIsWrongUsage() {
    assertThat(run("demo", "--parallelism", "0")).isEqualTo(2);
    assertThat(err.toString()).startsWith("SLUICE_USAGE: --parallelism is 0, choose 1 to 64");
  }

  private int run(String... args) {
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }
}
