package io.sluice.jobs.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.flink.metrics.StageTimes;
import io.sluice.report.PageDrawing;
import io.sluice.report.ResultJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the demo leaves behind: {@code summary.json}, {@code results.jsonl} with one result a line
 * in the order of the pages, and {@code pages/} with the boxes drawn on each.
 */
public final class DemoFiles {
  private static final ObjectMapper JSON = new ObjectMapper();

  private DemoFiles() {}

  /**
   * The summary. Figures whose name ends in Measured were measured in this run.
   *
   * @param totalSeconds the whole run with the start of Kafka and Flink and the import of models
   */
  public static ObjectNode summary(DemoResult result, double totalSeconds) {
    ObjectNode summary = JSON.createObjectNode();
    summary.put("pages", result.pages().size());
    summary.put("deadLetters", result.deadLetters().size());
    summary.put("charAccuracyFloat", result.accuracy().value());
    summary.put("characters", result.accuracy().characters());
    summary.put("pagesPerSecondMeasured", rounded(result.pagesPerSecond()));
    summary.put("jobSecondsMeasured", rounded(result.jobSeconds()));
    summary.put("totalSecondsMeasured", rounded(totalSeconds));
    summary.put("parallelism", result.parallelism());
    ArrayNode pages = summary.putArray("perPage");
    for (DemoResult.Answered answered : result.pages()) {
      ObjectNode page = pages.addObject();
      page.put("page", answered.page().name());
      page.put("charAccuracyFloat", answered.accuracy().value());
      page.put("characters", answered.accuracy().characters());
      page.put("lines", answered.result().map(r -> r.getLines().size()).orElse(0));
    }
    ArrayNode stages = summary.putArray("stages");
    for (StageTimes times : result.stages()) {
      ObjectNode stage = stages.addObject();
      stage.put("stage", times.stage());
      stage.put("packets", times.packets());
      stage.put("failures", times.failures());
      stage.put("busyMsMeasured", rounded(times.busyNs() / 1e6));
      stage.put("msPerPacketMeasured", rounded(times.msPerPacket()));
    }
    return summary;
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }

  /**
   * Writes all files; those of an earlier run are overwritten.
   *
   * @throws SluiceException SLUICE_IO
   */
  public static void write(Path folder, DemoResult result, ObjectNode summary) {
    try {
      Path pages = Files.createDirectories(folder.resolve("pages"));
      Files.writeString(
          folder.resolve("summary.json"),
          JSON.writerWithDefaultPrettyPrinter().writeValueAsString(summary) + "\n");
      StringBuilder lines = new StringBuilder();
      for (DemoResult.Answered answered : result.pages()) {
        if (answered.result().isPresent()) {
          lines.append(ResultJson.of(answered.result().get())).append('\n');
          Files.write(
              pages.resolve(answered.page().name() + ".png"),
              PageDrawing.draw(answered.page().image(), answered.result().get()));
        }
      }
      Files.writeString(folder.resolve("results.jsonl"), lines);
    } catch (IOException e) {
      throw new SluiceException(
          ErrorCode.SLUICE_IO,
          "the results cannot be written (" + e + ")",
          folder.toString(),
          "check the folder and the space on it",
          e);
    }
  }
}
