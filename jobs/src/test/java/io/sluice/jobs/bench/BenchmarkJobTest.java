package io.sluice.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.dispatch.DispatchPlan;
import io.sluice.dispatch.DispatchSettings;
import io.sluice.dispatch.Ending;
import io.sluice.dispatch.Network;
import io.sluice.dispatch.Outcome;
import io.sluice.dispatch.Policy;
import io.sluice.dpu.timing.ModelProfile;
import io.sluice.fleet.Fleet;
import io.sluice.fleet.FleetFile;
import io.sluice.fleet.RandomFaults;
import io.sluice.fleet.UniformFleet;
import io.sluice.flink.dispatch.DispatchTotals;
import io.sluice.flink.dispatch.DispatchTotals.Part;
import io.sluice.jobs.AksJob;
import io.sluice.report.FleetBenchJson;
import io.sluice.report.FleetBenchText;
import io.sluice.report.ScalingPlot;
import io.sluice.target.Platforms;
import io.sluice.target.Targets;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchmarkJobTest {
  private static final Load CLOSED = new Load.Closed(4);

  private static Network network(String target) {
    ModelProfile.Superlayer layer =
        new ModelProfile.Superlayer("l", 1000, 2_000_000, 1000, 5_000_000, 3_000_000, 3_000_000);
    ModelProfile profile =
        new ModelProfile(
            "m",
            Targets.builtIn().byName(target),
            List.of(new ModelProfile.DpuSubgraph("s", List.of(layer))));
    return new Network("n", List.of(new Network.Variant(profile, 150_528, 1000)));
  }

  private static DispatchPlan plan(int cards, int threads, long hostNs) {
    var platform = Platforms.builtIn().byName("zcu102");
    var print = Targets.builtIn().byName(platform.target()).fingerprint();
    Fleet fleet = new UniformFleet(platform, print, 3, 4, threads).of(cards);
    return new DispatchPlan(
        fleet,
        List.of(network(platform.target())),
        DispatchSettings.of(Policy.EARLIEST_FINISH).withHostNs(hostNs),
        true);
  }

  private static StreamExecutionEnvironment env(int parallelism) {
    return StreamExecutionEnvironment.createLocalEnvironment(parallelism, AksJob.configuration());
  }

  private static BenchmarkPoint run(DispatchPlan plan, Load load, int parallelism) {
    return run(plan, load, 5000, parallelism);
  }

  private static BenchmarkPoint run(DispatchPlan plan, Load load, long requests, int parallelism) {
    return new BenchmarkJob(plan, load, requests, 1).run(env(parallelism));
  }

  private static List<Outcome> outcomes(DispatchPlan plan, Load load, int requests, int parallelism)
      throws Exception {
    List<Outcome> all = new ArrayList<>();
    try (var results =
        new BenchmarkJob(plan, load, requests, 1).outcomes(env(parallelism)).executeAndCollect()) {
      results.forEachRemaining(all::add);
    }
    all.sort(Comparator.comparingLong(Outcome::id));
    return all;
  }

  @Test
  void aClosedLoadFillsTheFleetAndIsReported() {
    BenchmarkPoint one = run(plan(1, 32, 10_000), CLOSED, 1);
    BenchmarkPoint four = run(plan(4, 32, 10_000), CLOSED, 1);
    BenchmarkResult result =
        new BenchmarkResult(
            "f", "l", "p", 1, List.of(one, four), OptionalDouble.empty(), List.of());
    assertThat(one.stable()).isTrue();
    assertThat(one.bottleneck().name()).isIn("units", "memory");
    assertThat(result.efficiency(four)).isBetween(0.98, 1.02);
    assertThat(one.totals().ms(Part.HOST, 50)).isBetween(0.0099, 0.0101);
    assertThat(one.totals().ms(Part.TOTAL, 50)).isGreaterThan(one.totals().ms(Part.DEVICE, 50) * 3);

    var point = FleetBenchJson.of(result).get("points").get(1);
    assertThat(point.fieldNames())
        .toIterable()
        .contains("cards", "units", "throughputPerSecond", "efficiency", "p50Ms", "p99Ms")
        .contains("bottleneck", "stable", "utilisation");
    assertThat(point.get("units").asInt()).isEqualTo(12);
    assertThat(FleetBenchJson.of(result).get("schedulerPerSecondMeasured").asDouble()).isPositive();
    assertThat(FleetBenchText.csv(result).lines()).hasSize(3);
    assertThat(ScalingPlot.svg(result)).contains("<polyline").endsWith("</svg>\n");
    StringWriter text = new StringWriter();
    FleetBenchText.print(result, new PrintWriter(text));
    assertThat(text.toString()).contains("modelled", "measured", "seed 1");
  }

  @Test
  void aRateThatWasLookedForIsReportedAndWhatOnlyIsEstimatedIsCalledSo() {
    BenchmarkPoint point = run(plan(1, 32, 0), new Load.Open(Load.Shape.CONSTANT, 50), 500, 1);
    BenchmarkResult result =
        new BenchmarkResult(
            "f",
            "l",
            "p",
            1,
            List.of(point, point),
            OptionalDouble.of(40),
            List.of(Optional.of(point), Optional.empty()));
    var json = FleetBenchJson.of(result);
    assertThat(json.get("wantedP99Ms").asDouble()).isEqualTo(40);
    assertThat(json.at("/points/0/highestRate/perSecond").asDouble()).isEqualTo(50);
    assertThat(json.at("/points/1/highestRate").isEmpty()).isTrue();
    assertThat(json.get("points").get(0).fieldNames())
        .toIterable()
        .contains("withoutBottleneckPerSecondEstimated", "jobSecondsMeasured");
    StringWriter text = new StringWriter();
    FleetBenchText.print(result, new PrintWriter(text));
    assertThat(text.toString())
        .contains("est. without", "an estimate", "highest rate with 1 cards: 50.0/s", "of 40.0 ms")
        .contains("no rate that was tried keeps a p99 of 40.0 ms");
    List<String[]> csv =
        FleetBenchText.csv(result).lines().map(line -> line.split(",", -1)).toList();
    int rate = List.of(csv.get(0)).indexOf("highestRatePerSecond");
    assertThat(csv).allMatch(cells -> cells.length == csv.get(0).length);
    assertThat(csv.get(1)[rate]).isEqualTo("50.000");
    assertThat(csv.get(2)[rate]).isEmpty();
  }

  @Test
  void unitsWithoutAModelAreCountedAndHaveNeitherClientsNorAPartInTheBottleneck() {
    Network network = network("DPUCZDX8G_ISA1_B4096");
    DispatchSettings settings = DispatchSettings.of(Policy.EARLIEST_FINISH);
    DispatchPlan rack =
        new DispatchPlan(FleetFile.example("mixed-rack"), List.of(network), settings, false);
    BenchmarkPoint point = run(rack, CLOSED, 1);
    assertThat(point.units() - point.idleUnits()).isEqualTo(rack.capacities().get(0).images());
    assertThat(point.idleUnits()).isPositive();
    assertThat(point.bottleneck().name()).isIn("units", "memory");
    StringWriter text = new StringWriter();
    FleetBenchText.print(
        new BenchmarkResult("f", "l", "p", 1, List.of(point), OptionalDouble.empty(), List.of()),
        new PrintWriter(text));
    assertThat(text.toString())
        .contains(point.idleUnits() + " of " + point.units() + " units are idle");
  }

  @Test
  void theBottleneckIsNamedAndGoneWithMoreOfIt() {
    BenchmarkPoint few = run(plan(4, 1, 3_000_000), CLOSED, 2);
    BenchmarkPoint many = run(plan(4, 64, 3_000_000), CLOSED, 2);
    assertThat(few.bottleneck().name()).isEqualTo("host");
    assertThat(few.throughputPerSecond()).isBetween(330.0, 334.0);
    assertThat(many.bottleneck().name()).isIn("units", "memory");
    assertThat(many.throughputPerSecond())
        .isBetween(
            few.bottleneck().withoutPerSecond() * 0.8, few.bottleneck().withoutPerSecond() * 1.2);
  }

  @Test
  void windowsThatDriftAreNotStable() {
    DispatchTotals.Window a = new DispatchTotals.Window(100, 1000);
    assertThat(BenchmarkPoint.isStable(List.of(new DispatchTotals.Window(1, 1), a, a, a))).isTrue();
    assertThat(BenchmarkPoint.isStable(List.of(a, a, new DispatchTotals.Window(88, 880))))
        .isFalse();
    assertThat(BenchmarkPoint.isStable(List.of(a, a, new DispatchTotals.Window(100, 1200))))
        .isFalse();
    assertThat(BenchmarkPoint.isStable(List.of(a, a))).isFalse();
  }

  @Test
  void aTraceIsReadInMillisecondsAndRefusedWithItsReason(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("t"), "# ms\n0\n1.5\n\n2\n");
    assertThat(Load.Trace.read(file).atNs()).containsExactly(0, 1_500_000, 2_000_000);
    for (String wrong : List.of("", "1", "2\n1", "0\n-1", "0\nx", "0\nNaN")) {
      Path bad = Files.writeString(folder.resolve("bad"), wrong);
      assertThatThrownBy(() -> Load.Trace.read(bad)).hasMessageContaining("SLUICE_USAGE");
    }
  }

  @Test
  @Tag("slow")
  void theHighestRateThatKeepsALatencyIsBelowTheCapacity() {
    DispatchPlan plan = plan(4, 32, 10_000);
    double capacity = run(plan, CLOSED, 2).throughputPerSecond();
    BenchmarkPoint best =
        new RateSearch(40)
            .highest(
                capacity, rate -> run(plan, new Load.Open(Load.Shape.POISSON, rate), 50_000, 2))
            .orElseThrow();
    assertThat(best.offeredPerSecond()).isBetween(0.5 * capacity, capacity);
    assertThat(best.totals().ms(Part.TOTAL, 99)).isLessThanOrEqualTo(40);
  }

  @Test
  @Tag("slow")
  void whateverTheParallelismTheSameRequestsEndAtTheSameTimes() throws Exception {
    long[] trace = LongStream.range(0, 4000).map(i -> i * 500_000).toArray();
    for (Load load :
        List.of(
            CLOSED,
            new Load.Open(Load.Shape.CONSTANT, 1500),
            new Load.Open(Load.Shape.BURSTY, 1500),
            new Load.Trace(trace))) {
      List<Outcome> one = outcomes(plan(12, 8, 100_000), load, 3000, 1);
      assertThat(one).hasSizeGreaterThan(2900);
      for (int parallelism : new int[] {2, 4}) {
        assertThat(outcomes(plan(12, 8, 100_000), load, 3000, parallelism)).isEqualTo(one);
      }
    }
  }

  @Test
  @Tag("slow")
  void whenThirtyPercentOfTheCardsFailEachOf100000RequestsEndsOnce() throws Exception {
    DispatchPlan well = plan(100, 32, 100_000);
    Load load = new Load.Open(Load.Shape.POISSON, 20_000);
    Fleet failing = new RandomFaults(0.3, 0.5, 4_000_000_000L, 5).befall(well.fleet());
    DispatchPlan plan = new DispatchPlan(failing, well.networks(), well.settings(), true);
    List<Outcome> one = outcomes(plan, load, 80_000, 1);
    assertThat(one).hasSizeGreaterThan(100_000);
    assertThat(one.stream().mapToLong(Outcome::id).toArray())
        .isEqualTo(LongStream.range(0, one.size()).toArray());
    assertThat(one).anyMatch(o -> o.losses() > 0 && o.ending().isDone());
    assertThat(one)
        .allMatch(o -> o.ending() == Ending.DONE ? o.unit() >= 0 : o.ending().code() != null);
    assertThat(Stream.of(2, 4))
        .allSatisfy(p -> assertThat(outcomes(plan, load, 80_000, p)).isEqualTo(one));
  }
}
