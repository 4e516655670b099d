package io.sluice.jobs.bench;

import io.sluice.dispatch.Capacity;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * What bounds the throughput, and what it would be without it. Modelled.
 *
 * <p>It is the part of the hardware that is busiest on average, if it is busy for 90% of the time;
 * else what is asked of the fleet. Units that are busiest but would be faster with their card's
 * memory for themselves are bounded by the memory. Without a bound the next busiest part would
 * bound, when it is busy all the time: an estimate, as if it became busier in proportion.
 *
 * @param name {@code units}, {@code memory}, {@code links}, {@code pcie}, {@code host}, or {@code
 *     clients} or {@code rate} when the fleet has room
 * @param withoutPerSecond throughput that the next one allows
 * @param next the next one
 */
public record Bottleneck(String name, double withoutPerSecond, String next) {
  private static final double BUSY = 0.9;
  private static final double SLOWED = 1.02;

  static Bottleneck of(
      Map<String, Double> shares, double perSecond, boolean closed, List<Capacity> capacities) {
    List<Map.Entry<String, Double>> order =
        shares.entrySet().stream()
            .sorted(
                Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey()))
            .toList();
    Map.Entry<String, Double> first = order.get(0);
    Map.Entry<String, Double> second = order.get(1);
    if (first.getValue() < BUSY) {
      return new Bottleneck(
          closed ? "clients" : "rate",
          perSecond / Math.max(1e-9, first.getValue()),
          first.getKey());
    }
    double bySecond = perSecond / Math.max(1e-9, second.getValue());
    if (first.getKey().equals("units")) {
      double shared = capacities.stream().mapToDouble(Capacity::devicePerSecond).sum();
      double alone = capacities.stream().mapToDouble(Capacity::devicePerSecondAlone).sum();
      if (alone > SLOWED * shared) {
        double byUnits = perSecond * alone / shared;
        return bySecond < byUnits
            ? new Bottleneck("memory", bySecond, second.getKey())
            : new Bottleneck("memory", byUnits, "units");
      }
    }
    return new Bottleneck(first.getKey(), bySecond, second.getKey());
  }
}
