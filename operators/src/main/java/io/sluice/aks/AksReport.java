package io.sluice.aks;

import io.sluice.flink.dpu.DpuNode;
import io.sluice.flink.dpu.DpuPlan;
import io.sluice.flink.metrics.DpuTotals;
import io.sluice.flink.metrics.StageTimes;
import io.sluice.flink.metrics.WaitMeters;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the nodes of a graph did in a run, in the order of the graph, and which of them bounds it.
 * Times of nodes on a fleet are modelled, those of others measured on the machine that ran them.
 *
 * @param graph name of the graph
 * @param totals what became of the jobs
 * @param elapsedSeconds of the run, measured
 * @param nodes in the order of the graph
 */
public record AksReport(String graph, JobTotals totals, double elapsedSeconds, List<Node> nodes) {
  private static final double NS_PER_S = 1e9;

  public AksReport {
    nodes = List.copyOf(nodes);
  }

  /**
   * A node.
   *
   * @param name its name
   * @param kernel its kernel
   * @param modelled whether its times are those of simulated devices
   * @param units subtasks, or units of the fleet
   * @param jobs calls of the kernel, or requests that units finished: more than jobs of the graph
   *     where these are split
   * @param failures calls that failed
   * @param execSeconds time that the calls took, summed
   * @param utilisation the part of the run in which its units were busy, 0 to 1
   * @param peakPerSecond calls that its units could do in a second
   * @param peakJobsPerSecond jobs of the graph that its units could do in a second; infinite if it
   *     took no time
   * @param waitMs mean time that a call waited for the node, in milliseconds
   * @param words what the copies of the kernel said at their end
   */
  public record Node(
      String name,
      String kernel,
      boolean modelled,
      int units,
      long jobs,
      long failures,
      double execSeconds,
      double utilisation,
      double peakPerSecond,
      double peakJobsPerSecond,
      double waitMs,
      List<String> words) {
    public Node {
      words = List.copyOf(words);
    }
  }

  /**
   * Reads the report from the accumulators of a Flink job that ended.
   *
   * @param elapsedSeconds how long it ran, measured
   */
  public static AksReport of(
      AksGraph graph, AksSettings settings, Map<String, ?> accumulators, double elapsedSeconds) {
    JobTotals totals = JobTotals.of(accumulators);
    Optional<DpuPlan> plan = AksTopology.planOf(graph, settings);
    List<Node> nodes = new ArrayList<>();
    for (AksNode node : graph.nodes()) {
      StageTimes times = StageTimes.of(node.name(), accumulators);
      boolean modelled = node.isDpu() && plan.isPresent();
      int units = Math.min(node.parallelism(), settings.maxParallelism());
      long calls = times.packets();
      double execSeconds = times.busyNs() / NS_PER_S;
      double runSeconds = elapsedSeconds;
      double waitMs = WaitMeters.meanMs(node.name(), accumulators);
      if (modelled) {
        DpuNode placed = plan.get().node(node.name());
        DpuTotals dpu = DpuTotals.of(node.name(), accumulators);
        units = placed.units();
        calls = dpu.requests();
        execSeconds = dpu.modelledNs() / NS_PER_S;
        waitMs = calls == 0 ? 0 : dpu.queueWaitNs() / 1e6 / calls;
        runSeconds = (totals.lastNs() - totals.firstNs()) / NS_PER_S;
      }
      nodes.add(
          new Node(
              node.name(),
              node.spec().name(),
              modelled,
              units,
              calls,
              times.failures(),
              execSeconds,
              runSeconds <= 0 ? 0 : Math.min(1, execSeconds / units / runSeconds),
              rate(calls, units, execSeconds),
              rate(totals.jobs(), units, execSeconds),
              waitMs,
              words(accumulators.get(NodeFunction.wordsOf(node.name())))));
    }
    return new AksReport(graph.name(), totals, elapsedSeconds, nodes);
  }

  private static double rate(long count, int units, double seconds) {
    return seconds <= 0 ? Double.POSITIVE_INFINITY : count * units / seconds;
  }

  private static List<String> words(Object said) {
    return said instanceof List<?> list
        ? list.stream().map(Object::toString).sorted().toList()
        : List.of();
  }

  /** The node that allows the fewest jobs a second, if any took time. */
  public Optional<Node> bottleneck() {
    return slowest().stream().findFirst();
  }

  /** The node that would be the bottleneck if the bottleneck were gone. */
  public Optional<Node> next() {
    return slowest().stream().skip(1).findFirst();
  }

  private List<Node> slowest() {
    return nodes.stream()
        .filter(node -> Double.isFinite(node.peakJobsPerSecond()) && node.jobs() > 0)
        .sorted(Comparator.comparingDouble(Node::peakJobsPerSecond))
        .toList();
  }
}
