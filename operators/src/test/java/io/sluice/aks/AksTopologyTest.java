package io.sluice.aks;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.aks.TestKernels.Fault;
import io.sluice.fleet.FleetFile;
import io.sluice.flink.Clock;
import io.sluice.flink.FakeRunner;
import io.sluice.flink.Packet;
import io.sluice.flink.RunnerSource;
import io.sluice.flink.dpu.DpuModels;
import io.sluice.flink.dpu.Work;
import io.sluice.flink.wire.Wire;
import io.sluice.schemas.DeadLetter;
import io.sluice.schemas.GraphResult;
import io.sluice.vart.ModelRef;
import io.sluice.vart.Runner;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Graphs of small kernels as Flink jobs. */
@Tag("slow")
class AksTopologyTest {
  /**
   * Subtasks of the node that fails. They take the jobs in turn, and of a hundred jobs one hangs: a
   * number without a divisor in common with 100 lets all of them share the waiting.
   */
  private static final int HANGING = 13;

  /** a to b and c, both to d. */
  private static final String DIAMOND =
      """
      {"graph_name": "g", "node_list": [
        {"node_name": "d", "node_params": {"Add": {"adder": 0}}, "next_node": []},
        {"node_name": "a", "node_params": {"Add": {"adder": 0}}, "next_node": ["b", "c"]},
        {"node_name": "b", "node_params": {"Fault": {}}, "next_node": ["d"],
         "sluice": {"timeout_ms": 100, "parallelism": 13}},
        {"node_name": "c", "node_params": {"Add": {"adder": 1000}}, "next_node": ["d"]}]}""";

  private static final RunnerSource NONE =
      model -> {
        throw new AssertionError("no network in this graph");
      };

  private static AksGraph graph(String json) {
    return GraphRun.load(json, TestKernels.all(), name -> null);
  }

  private static GraphRun run(String json, int jobs) throws Exception {
    return GraphRun.ofJobs(
        graph(json),
        AksSettings.here().withMaxParallelism(HANGING),
        NONE,
        GraphRun.jobs(jobs, i -> List.of(TestKernels.ints(i))));
  }

  @Test
  void branchesMeetAgainAndAFaultOfOneEndsItsJobInEachWayAsOneDeadLetter() throws Exception {
    GraphRun run = run(DIAMOND, 300);

    assertThat(run.results()).hasSize(300 - 3 * Fault.values().length);
    assertThat(run.deadLetters()).hasSize(3 * Fault.values().length);
    for (int i = Fault.values().length; i < 100; i++) {
      assertThat(GraphRun.number(run.result("job-" + i), 0)).isEqualTo(2 * i + 1000);
    }
    for (DeadLetter letter : run.deadLetters()) {
      int job = Integer.parseInt(letter.getRequestId().substring(4));
      Fault fault = Fault.values()[job % 100];
      assertThat(letter.getStage()).isEqualTo("b");
      assertThat(letter.getKernel()).isEqualTo("Fault");
      assertThat(letter.getCode()).describedAs(letter.toString()).isEqualTo(fault.code());
      assertThat(letter.getThing()).isNotBlank();
    }
    JobTotals totals = JobTotals.of(run.accumulators());
    assertThat(totals.jobs()).isEqualTo(300);
    assertThat(totals.latencyMs(0.99)).isGreaterThanOrEqualTo(totals.latencyMs(0.5)).isPositive();
  }

  @Test
  void ofAHundredThousandRequestsOfWhichOneInAHundredFailsInEachWayNoneIsLostOrTwice()
      throws Exception {
    int requests = 100_000;

    // Only the node that hangs is watched: handing each call to a thread is most of the time.
    GraphRun run =
        run(
            DIAMOND
                .replace("\"timeout_ms\": 100", "\"timeout_ms\": 40")
                .replaceAll("(\"Add\": [^}]*}})", "$1, \"sluice\": {\"timeout_ms\": 0}"),
            requests);

    List<String> ids =
        Stream.concat(
                run.results().stream().map(r -> r.f0),
                run.deadLetters().stream().map(DeadLetter::getRequestId))
            .toList();
    assertThat(ids.size()).isEqualTo(requests);
    assertThat(ids.stream().distinct().count()).isEqualTo(requests);
    assertThat(run.deadLetters().size())
        .isGreaterThanOrEqualTo(requests / 100 * Fault.values().length);
    for (Fault fault : Fault.values()) {
      assertThat(
              run.deadLetters().stream()
                  .filter(
                      d -> Integer.parseInt(d.getRequestId().substring(4)) % 100 == fault.ordinal())
                  .count())
          .isEqualTo(requests / 100);
    }
  }

  @Test
  void aNanEndsTheJob() throws Exception {
    GraphRun run =
        run(
            """
            {"graph_name": "g", "node_list": [{"node_name": "n", "node_params": {"Nan": {}}}]}""",
            3);
    assertThat(run.results()).isEmpty();
    assertThat(run.deadLetters())
        .hasSize(3)
        .allSatisfy(letter -> assertThat(letter.getThing()).contains("NaN at element 1"));
  }

  @Test
  void aJobIsSplitIntoAnyNumberOfPartsAndJoined() throws Exception {
    GraphRun run =
        run(
            """
            {"graph_name": "g", "node_list": [
              {"node_name": "split", "node_params": {"Split": {}}, "next_node": ["x", "y"]},
              {"node_name": "x", "node_params": {"Add": {"adder": 10}}, "next_node": ["z"]},
              {"node_name": "y", "node_params": {"Pass": {}}, "next_node": ["z"]},
              {"node_name": "z", "node_params": {"Add": {"adder": 0}}, "next_node": ["sum"]},
              {"node_name": "sum", "node_params": {"Sum": {}}}]}""",
            12);
    assertThat(run.deadLetters()).isEmpty();
    for (int n = 0; n < 12; n++) {
      assertThat(GraphRun.number(run.result("job-" + n), 0)).isEqualTo(10 * n + n * (n - 1));
    }
  }

  @Test
  void severalFirstAndLastNodesAreOneJob() throws Exception {
    GraphRun run =
        run(
            """
            {"graph_name": "g", "node_list": [
              {"node_name": "a", "node_params": {"Add": {"adder": 1}}, "next_node": ["c"]},
              {"node_name": "b", "node_params": {"Add": {"adder": 2}}, "next_node": ["c", "d"]},
              {"node_name": "c", "node_params": {"Add": {"adder": 0}}},
              {"node_name": "d", "node_params": {"Pass": {}}}],
             "sluice": {"inputs": ["a", "b"], "outputs": {"sum": "c:0", "same": "d:0"}}}""",
            5);
    GraphResult result = run.result("job-4");
    assertThat(result.getOutputs()).extracting(t -> t.getName()).containsExactly("sum", "same");
    assertThat(GraphRun.number(result, 0)).isEqualTo(11);
    assertThat(GraphRun.number(result, 1)).isEqualTo(6);
  }

  /** An image through two networks on one fleet, one after the other. */
  private static final String TWO_NETWORKS =
      """
      {"graph_name": "g", "node_list": [
        {"node_name": "image", "node_params": {"Image": {"net_w": 8, "net_h": 4}},
         "next_node": ["head"]},
        {"node_name": "head", "node_params": {"DPURunner": {"model_file": "head.xmodel"}},
         "next_node": ["tail"]},
        {"node_name": "tail",
         "node_params": {"DPURunner": {"model_file": "tail.xmodel", "num_runners": 1}},
         "next_node": ["end"]},
        {"node_name": "end", "node_params": {"Pass": {}}}]}""";

  private static GraphRun networks(Clock clock, Work work) throws Exception {
    TensorSpec shape = TensorSpec.shaped(1, 4, 8, 3);
    AksGraph graph =
        GraphRun.load(
            TWO_NETWORKS,
            TestKernels.all(),
            name ->
                GraphRun.known(
                    DpuModels.model(
                        new ModelRef(name, "0".repeat(64)), DpuModels.ZCU102_TARGET, 3e5),
                    shape,
                    shape));
    List<Packet> jobs = GraphRun.jobs(40, i -> List.of());
    return GraphRun.ofJobs(
        graph,
        AksSettings.on(FleetFile.example("two-zcu102"), clock, work).withMaxParallelism(2),
        new Negating(),
        jobs);
  }

  /** The same run for all tests that look at one. */
  private static GraphRun exact;

  @BeforeAll
  static void runTwoNetworks() throws Exception {
    exact = networks(Clock.VIRTUAL, Work.EXACT);
  }

  @Test
  void twoNetworksShareAFleet() throws Exception {
    GraphRun virtual = exact;
    assertThat(virtual.deadLetters()).isEmpty();
    List<GraphResult> results = new ArrayList<>();
    virtual.results().forEach(r -> results.add(Wire.graphResults().decode(r.f1, r.f0)));
    assertThat(results)
        .hasSize(40)
        .allSatisfy(
            result -> {
              assertThat(result.getModelledDpuNs()).isPositive();
              assertThat(result.getModelledFinishNs())
                  .isGreaterThanOrEqualTo(result.getModelledDpuNs());
              assertThat(result.getParams()).containsEntry("img_dims", "[4, 8, 3]");
            });
    GraphRun again = networks(Clock.VIRTUAL, Work.EXACT);
    for (int i = 0; i < 40; i++) {
      assertThat(again.results().get(i).f1).isEqualTo(virtual.results().get(i).f1);
    }
    AksReport report =
        AksReport.of(
            GraphRun.load(TWO_NETWORKS, TestKernels.all(), name -> known(name, shapeOf())),
            AksSettings.on(FleetFile.example("two-zcu102"), Clock.VIRTUAL, Work.EXACT),
            virtual.accumulators(),
            1);
    assertThat(report.nodes())
        .extracting(AksReport.Node::name)
        .containsExactly("image", "head", "tail", "end");
    assertThat(report.nodes().get(1).modelled()).isTrue();
    assertThat(report.nodes().get(1).jobs()).isEqualTo(40);
    assertThat(report.nodes().get(1).peakJobsPerSecond()).isPositive();
  }

  private static TensorSpec shapeOf() {
    return TensorSpec.shaped(1, 4, 8, 3);
  }

  private static ModelSource.Known known(String name, TensorSpec shape) {
    return GraphRun.known(
        DpuModels.model(new ModelRef(name, "0".repeat(64)), DpuModels.ZCU102_TARGET, 3e5),
        shape,
        shape);
  }

  @Test
  void timingWorkGivesZerosAndTheSameTimes() throws Exception {
    GraphRun timing = networks(Clock.VIRTUAL, Work.TIMING);
    for (int i = 0; i < 40; i++) {
      GraphResult timed = timing.result("job-" + i);
      assertThat(timed.getModelledFinishNs())
          .isEqualTo(exact.result("job-" + i).getModelledFinishNs());
      assertThat(timed.getOutputs().get(0).getShape()).containsExactly(1, 4, 8, 3);
    }
  }

  @Test
  void inPacedTimeEveryJobIsAnswered() throws Exception {
    GraphRun paced = networks(Clock.PACED, Work.EXACT);
    assertThat(paced.results()).hasSize(40);
    assertThat(paced.deadLetters()).isEmpty();
  }

  /** Networks that change the sign. */
  private static final class Negating implements RunnerSource {
    private static final long serialVersionUID = 1L;

    @Override
    public Held acquire(ModelRef model) {
      Tensor tensor = new Tensor("x", DataType.FLOAT32, Shape.of(1, 4, 8, 3));
      Runner runner =
          new FakeRunner(
              tensor,
              tensor,
              in -> {
                float[] values = in.toFloats();
                for (int i = 0; i < values.length; i++) {
                  values[i] = -values[i];
                }
                return TensorData.ofFloats(in.shape(), values);
              });
      return new Held() {
        @Override
        public Runner runner() {
          return runner;
        }

        @Override
        public void close() {}
      };
    }
  }
}
