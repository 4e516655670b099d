package io.sluice.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.flink.dispatch.DispatchTotals.Part;
import io.sluice.jobs.bench.BenchmarkPoint;
import io.sluice.jobs.bench.BenchmarkResult;
import java.util.Locale;
import java.util.Map;

/**
 * A benchmark of a fleet as one JSON document. All is modelled but what is named measured; the
 * throughput without the bottleneck is an estimate.
 */
public final class FleetBenchJson {
  private FleetBenchJson() {}

  public static ObjectNode of(BenchmarkResult result) {
    ObjectNode root = new ObjectMapper().createObjectNode();
    root.put("fleet", result.fleet());
    root.put("load", result.load());
    root.put("policy", result.policy());
    root.put("seed", result.seed());
    root.put(
        "note", "modelled, save what is named Measured; what is named Estimated is an estimate");
    result.wantedP99Ms().ifPresent(ms -> root.put("wantedP99Ms", ms));
    ArrayNode points = root.putArray("points");
    for (int i = 0; i < result.points().size(); i++) {
      BenchmarkPoint point = result.points().get(i);
      ObjectNode node = point(points.addObject(), point, result.efficiency(point));
      if (!result.best().isEmpty()) {
        ObjectNode best = node.putObject("highestRate");
        result
            .best()
            .get(i)
            .ifPresent(
                kept -> {
                  best.put("perSecond", kept.offeredPerSecond());
                  best.put("p99Ms", kept.totals().ms(Part.TOTAL, 99));
                });
      }
    }
    root.put("schedulerPerSecondMeasured", result.schedulerPerSecondMeasured());
    return root;
  }

  private static ObjectNode point(ObjectNode node, BenchmarkPoint point, double efficiency) {
    node.put("cards", point.cards());
    node.put("units", point.units());
    node.put("idleUnits", point.idleUnits());
    node.put("throughputPerSecond", point.throughputPerSecond());
    if (!Double.isNaN(point.offeredPerSecond())) {
      node.put("offeredPerSecond", point.offeredPerSecond());
    }
    node.put("efficiency", efficiency);
    for (Quantile q : Quantile.values()) {
      node.put(q.text + "Ms", point.totals().ms(Part.TOTAL, q.percent));
    }
    ObjectNode parts = node.putObject("parts");
    for (Part part : Part.values()) {
      if (part != Part.TOTAL) {
        ObjectNode times = parts.putObject(part.name().toLowerCase(Locale.ROOT));
        for (Quantile q : Quantile.values()) {
          times.put(q.text + "Ms", point.totals().ms(part, q.percent));
        }
      }
    }
    node.put("stable", point.stable());
    node.put("bottleneck", point.bottleneck().name());
    node.put("withoutBottleneckPerSecondEstimated", point.bottleneck().withoutPerSecond());
    node.put("nextBottleneck", point.bottleneck().next());
    ObjectNode endings = node.putObject("endings");
    point.totals().endings().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(e -> endings.put(e.getKey().name().toLowerCase(Locale.ROOT), e.getValue()));
    node.put("late", point.totals().late());
    node.put("losses", point.totals().losses());
    node.put("measuredRequests", point.totals().measured());
    ArrayNode utilisation = node.putArray("utilisation");
    point
        .utilisations()
        .forEach(
            u ->
                utilisation
                    .addObject()
                    .put("name", u.name())
                    .put("part", u.part())
                    .put("share", u.share()));
    node.put("schedulerPerSecondMeasured", point.schedulerPerSecondMeasured());
    node.put("jobSecondsMeasured", point.jobSeconds());
    return node;
  }

  /** The quantiles of reports. */
  enum Quantile {
    P50("p50", 50),
    P90("p90", 90),
    P99("p99", 99),
    P999("p999", 99.9);

    final String text;
    final double percent;

    Quantile(String text, double percent) {
      this.text = text;
      this.percent = percent;
    }

    /** For people. */
    String label() {
      return this == P999 ? "p99.9" : text;
    }
  }
}
