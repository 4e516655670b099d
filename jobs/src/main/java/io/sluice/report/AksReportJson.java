package io.sluice.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.aks.AksReport;

/** The report of a graph as JSON. */
public final class AksReportJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private AksReportJson() {}

  /**
   * @param modelled whether throughput and latency are in virtual time
   * @param seed of the arrivals
   */
  public static ObjectNode of(AksReport report, boolean modelled, long seed) {
    ObjectNode json = JSON.createObjectNode();
    json.put("graph", report.graph());
    json.put("jobs", report.totals().jobs());
    json.put("results", report.totals().results());
    json.put("deadLetters", report.totals().deadLetters());
    json.put("throughputPerSecond", rounded(report.totals().resultsPerSecond()));
    ObjectNode latency = json.putObject("latencyMs");
    latency.put("p50", rounded(report.totals().latencyMs(0.5)));
    latency.put("p90", rounded(report.totals().latencyMs(0.9)));
    latency.put("p99", rounded(report.totals().latencyMs(0.99)));
    ObjectNode flags = json.putObject("modelled");
    flags.put("throughputPerSecond", modelled);
    flags.put("latencyMs", modelled);
    json.put("elapsedSecondsMeasured", rounded(report.elapsedSeconds()));
    json.put("seed", seed);
    ArrayNode nodes = json.putArray("nodes");
    report.nodes().forEach(node -> nodes.add(node(node)));
    report
        .bottleneck()
        .ifPresent(
            slowest -> {
              ObjectNode bottleneck = json.putObject("bottleneck");
              bottleneck.put("node", slowest.name());
              bottleneck.put("allowsPerSecond", rounded(slowest.peakJobsPerSecond()));
              bottleneck.put("modelled", slowest.modelled());
              report
                  .next()
                  .ifPresent(
                      next -> {
                        bottleneck.put("nextNode", next.name());
                        bottleneck.put("nextAllowsPerSecond", rounded(next.peakJobsPerSecond()));
                      });
            });
    return json;
  }

  private static ObjectNode node(AksReport.Node node) {
    ObjectNode json = JSON.createObjectNode();
    json.put("node", node.name());
    json.put("kernel", node.kernel());
    json.put("modelled", node.modelled());
    json.put("units", node.units());
    json.put("jobs", node.jobs());
    json.put("failures", node.failures());
    json.put("execSeconds", rounded(node.execSeconds()));
    json.put("utilisation", rounded(node.utilisation()));
    if (Double.isFinite(node.peakPerSecond())) {
      json.put("peakPerSecond", rounded(node.peakPerSecond()));
      json.put("peakJobsPerSecond", rounded(node.peakJobsPerSecond()));
    }
    json.put("queueWaitMs", rounded(node.waitMs()));
    if (!node.words().isEmpty()) {
      node.words().forEach(json.putArray("report")::add);
    }
    return json;
  }

  private static double rounded(double value) {
    return Math.round(value * 1e6) / 1e6;
  }
}
