package io.sluice.jobs.bench;

import io.sluice.dispatch.Capacity;
import io.sluice.dispatch.DispatchPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The same load on one fleet after the other, and for each the highest rate that keeps a latency if
 * one is looked for.
 *
 * @param plans of the fleets, 1 or more, of one policy
 * @param load of each
 * @param search for the highest rate, if wanted
 * @param arrivals of the load that the search tries
 * @param requests about so many are measured in each run
 * @param seed of open loads
 */
public record FleetSweep(
    List<DispatchPlan> plans,
    Load load,
    Optional<RateSearch> search,
    Load.Shape arrivals,
    long requests,
    long seed) {
  public FleetSweep {
    plans = List.copyOf(plans);
  }

  /**
   * Runs all of it.
   *
   * @param what for people: which fleets these are
   * @param environments a new one for each run
   * @param progress gets every run, also those of a search
   * @throws io.sluice.error.SluiceException as {@link BenchmarkJob#run} does
   */
  public BenchmarkResult run(
      String what,
      Supplier<StreamExecutionEnvironment> environments,
      Consumer<BenchmarkPoint> progress) {
    List<BenchmarkPoint> points = new ArrayList<>();
    List<Optional<BenchmarkPoint>> best = new ArrayList<>();
    for (DispatchPlan plan : plans) {
      points.add(run(plan, load, environments, progress));
      search.ifPresent(
          wanted ->
              best.add(
                  wanted.highest(
                      plan.capacities().stream().mapToDouble(Capacity::perSecond).sum(),
                      rate -> run(plan, new Load.Open(arrivals, rate), environments, progress))));
    }
    return new BenchmarkResult(
        what,
        load.text(),
        plans.get(0).settings().policy().text(),
        seed,
        points,
        search.map(s -> OptionalDouble.of(s.p99Ms())).orElse(OptionalDouble.empty()),
        best);
  }

  private BenchmarkPoint run(
      DispatchPlan plan,
      Load asked,
      Supplier<StreamExecutionEnvironment> environments,
      Consumer<BenchmarkPoint> progress) {
    BenchmarkPoint point = new BenchmarkJob(plan, asked, requests, seed).run(environments.get());
    progress.accept(point);
    return point;
  }
}
