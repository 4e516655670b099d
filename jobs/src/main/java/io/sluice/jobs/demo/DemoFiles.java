package io.sluice.jobs.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.flink.metrics.DpuTotals;
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
   * The summary. Figures whose name ends in Measured were measured in this run, those whose name
   * ends in Modelled are simulated.
   *
   * @param totalSeconds the whole run with the start of Kafka and Flink and the making of models
   */
  public static ObjectNode summary(DemoReport report, double totalSeconds) {
    DemoResult floats = report.floats();
    DemoResult int8 = report.int8();
    ObjectNode summary = JSON.createObjectNode();
    summary.put("pages", int8.pages().size());
    summary.put("deadLetters", int8.deadLetters().size());
    summary.put("charAccuracyFloat", floats.accuracy().value());
    summary.put("charAccuracyInt8", int8.accuracy().value());
    summary.put("characters", int8.accuracy().characters());
    summary.put("pagesPerSecondMeasured", rounded(int8.pagesPerSecond()));
    summary.put("pagesPerSecondFloatMeasured", rounded(floats.pagesPerSecond()));
    summary.put("jobSecondsMeasured", rounded(int8.jobSeconds()));
    summary.put("totalSecondsMeasured", rounded(totalSeconds));
    summary.put("parallelism", int8.parallelism());
    summary.put("fleet", report.fleet().name());
    summary.put("target", report.compiled().target());
    summary.put("pagesPerSecondSent", report.pagesPerSecondSent());
    summary.put("seed", report.seed());
    summary.put("dpuMsPerPageModelled", rounded(int8.dpuMsPerPageModelled()));
    ObjectNode share = summary.putObject("dpuMacShare");
    report.compiled().dpuMacShare().forEach(share::put);
    ObjectNode onCpu = summary.putObject("onCpu");
    report
        .compiled()
        .onCpu()
        .forEach((network, reasons) -> reasons.forEach(onCpu.putArray(network)::add));
    ArrayNode pages = summary.putArray("perPage");
    for (int i = 0; i < int8.pages().size(); i++) {
      pages.add(page(floats.pages().get(i), int8.pages().get(i)));
    }
    ArrayNode nodes = summary.putArray("dpuNodes");
    int8.dpu().forEach(totals -> nodes.add(node(totals)));
    ArrayNode stages = summary.putArray("stages");
    int8.stages().forEach(times -> stages.add(stage(times)));
    return summary;
  }

  private static ObjectNode page(DemoResult.Answered floats, DemoResult.Answered int8) {
    ObjectNode page = JSON.createObjectNode();
    page.put("page", int8.page().name());
    page.put("charAccuracyFloat", floats.accuracy().value());
    page.put("charAccuracyInt8", int8.accuracy().value());
    page.put("characters", int8.accuracy().characters());
    page.put("lines", int8.lines());
    page.put("dpuMsModelled", rounded(int8.dpuMsModelled()));
    return page;
  }

  private static ObjectNode node(DpuTotals totals) {
    ObjectNode node = JSON.createObjectNode();
    node.put("node", totals.node());
    node.put("requests", totals.requests());
    node.put("batches", totals.batches());
    node.put("busyMsModelled", rounded(totals.modelledNs() / 1e6));
    node.put("requeued", totals.requeued());
    node.put("expired", totals.expired());
    return node;
  }

  private static ObjectNode stage(StageTimes times) {
    ObjectNode stage = JSON.createObjectNode();
    stage.put("stage", times.stage());
    stage.put("packets", times.packets());
    stage.put("failures", times.failures());
    stage.put("busyMsMeasured", rounded(times.busyNs() / 1e6));
    stage.put("msPerPacketMeasured", rounded(times.msPerPacket()));
    return stage;
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }

  /**
   * Writes all files, with the answers of one of the two runs; those of an earlier run are
   * overwritten.
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
