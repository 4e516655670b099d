package io.sluice.flink.ocr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.fleet.Fleet;
import io.sluice.fleet.FleetFile;
import io.sluice.flink.Clock;
import io.sluice.flink.ImmutableTypeInfo;
import io.sluice.flink.Packet;
import io.sluice.flink.RunnerSource;
import io.sluice.flink.dpu.DpuModels;
import io.sluice.flink.dpu.DpuPlan;
import io.sluice.flink.dpu.DpuSettings;
import io.sluice.flink.dpu.Work;
import io.sluice.flink.wire.Wire;
import io.sluice.schemas.DeadLetter;
import io.sluice.schemas.InferenceResult;
import io.sluice.vart.ModelRef;
import io.sluice.vart.Runner;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import java.awt.Color;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pipelines on a fleet of which cards die, with networks that always see the same. */
@Tag("slow")
class OcrOnDpusTest {
  private static final int REQUESTS = 60;
  private static final long GAP_NS = 4_000_000;

  private static final String CARD_LOSS =
      """
      name: one of two dies
      cards:
        - {platform: zcu102, count: 2}
      faults:
        - {atMs: 41.5, card: zcu102-0, event: offline}
        - {atMs: 100, card: zcu102-1, event: slow, factor: 2}
        - {atMs: 120, card: zcu102-0, event: online}
        - {atMs: 150, card: zcu102-1, event: reset}
      """;

  private static final String ALL_LOST =
      """
      cards:
        - {platform: zcu102}
      faults:
        - {atMs: 100, card: zcu102-0, event: offline}
      """;

  @TempDir private Path folder;

  private record Answers(List<InferenceResult> results, List<DeadLetter> deadLetters) {}

  @Test
  void whenACardDiesEveryRequestIsAnsweredOnceAtTheSameTimesWhateverTheParallelism()
      throws Exception {
    Answers alone = run(CARD_LOSS, Clock.VIRTUAL, Work.EXACT, 1, new FakeNetworks());

    assertThat(alone.results).hasSize(REQUESTS);
    assertThat(alone.deadLetters).isEmpty();
    assertThat(alone.results).extracting(InferenceResult::getRequestId).doesNotHaveDuplicates();
    assertThat(alone.results)
        .allSatisfy(
            result -> {
              assertThat(result.getText()).isEqualTo(expected(result.getRequestId()));
              assertThat(result.getModelledDpuNs()).isPositive();
              long arrivedNs = GAP_NS * Long.parseLong(result.getRequestId().substring(5));
              assertThat(result.getModelledFinishNs() - arrivedNs).isPositive();
            });
    for (int parallelism : new int[] {2, 4}) {
      Answers wide = run(CARD_LOSS, Clock.VIRTUAL, Work.EXACT, parallelism, new FakeNetworks());
      assertThat(wide).isEqualTo(alone);
    }
  }

  @Test
  void afterAFailureOfTheJobInTheMiddleTheAnswersAreTheSame() throws Exception {
    Answers undisturbed = run(CARD_LOSS, Clock.VIRTUAL, Work.EXACT, 2, new FakeNetworks());
    FailsOnce.RUNS.set(0);

    Answers restarted =
        run(CARD_LOSS, Clock.VIRTUAL, Work.EXACT, 2, new FailsOnce(new FakeNetworks()));

    assertThat(FailsOnce.RUNS.get()).isGreaterThan(FailsOnce.FAILING_RUN);
    assertThat(restarted).isEqualTo(undisturbed);
  }

  @Test
  void inPacedTimeACardThatDiesLosesNothing() throws Exception {
    Answers answers = run(CARD_LOSS, Clock.PACED, Work.EXACT, 2, new FakeNetworks());

    assertThat(answers.deadLetters).isEmpty();
    assertThat(answers.results)
        .hasSize(REQUESTS)
        .allSatisfy(
            result -> assertThat(result.getText()).isEqualTo(expected(result.getRequestId())));
  }

  @Test
  void whenTheOnlyCardIsGoneWhatWaitsBecomesDeadLettersWithTheReason() throws Exception {
    Answers answers = run(ALL_LOST, Clock.VIRTUAL, Work.EXACT, 2, new FakeNetworks());

    assertThat(answers.results.size() + answers.deadLetters.size()).isEqualTo(REQUESTS);
    assertThat(answers.results).isNotEmpty();
    assertThat(answers.deadLetters)
        .isNotEmpty()
        .allSatisfy(
            letter -> {
              assertThat(letter.getCode()).isEqualTo("VART_DPU_ALLOC_ERROR");
              assertThat(letter.getThing()).contains("zcu102-0");
            });
  }

  @Test
  void timingWorkAnswersWithoutText() throws Exception {
    Answers answers = run(CARD_LOSS, Clock.VIRTUAL, Work.TIMING, 2, new FakeNetworks());

    assertThat(answers.results)
        .hasSize(REQUESTS)
        .allSatisfy(
            result -> {
              assertThat(result.getText()).isEmpty();
              assertThat(result.getModelledDpuNs()).isPositive();
            });
  }

  @Test
  void aFleetWithoutAUnitForTheModelIsRefusedWhenTheJobIsMade() {
    assertThatThrownBy(
            () -> run("cards: [{platform: v70}]", Clock.VIRTUAL, Work.EXACT, 1, new FakeNetworks()))
        .hasMessageStartingWith("VART_DEVICE_MISMATCH")
        .hasMessageContaining("compile it for");
  }

  private static String expected(String id) {
    return switch (kind(Integer.parseInt(id.substring(5)))) {
      case 0 -> "ab\nab";
      case 1 -> "";
      default -> "ab";
    };
  }

  private static int kind(int request) {
    return request % 3;
  }

  private static List<Packet> requests() throws IOException {
    byte[] white = Requests.png(400, 300, Color.WHITE);
    byte[] black = Requests.png(400, 300, Color.BLACK);
    byte[] line = Requests.png(700, 40, Color.WHITE);
    List<Packet> packets = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      byte[] record =
          switch (kind(i)) {
            case 0 -> Requests.image("page-" + i, Pipelines.PAGE, white);
            case 1 -> Requests.image("page-" + i, Pipelines.PAGE, black);
            default -> Requests.image("line-" + i, Pipelines.LINE, line);
          };
      packets.add(Packet.ofRecord("in", 0, i, record));
    }
    return packets;
  }

  private Answers run(
      String fleetFile, Clock clock, Work work, int parallelism, RunnerSource runners)
      throws Exception {
    Fleet fleet =
        FleetFile.read(
            new ByteArrayInputStream(fleetFile.getBytes(StandardCharsets.UTF_8)), "test");
    DpuPlan plan =
        OcrDpu.plan(
            FakeNetworks.models(),
            fleet,
            DpuSettings.of(clock, work),
            ref -> DpuModels.model(ref, DpuModels.ZCU102_TARGET, 3e5));
    Configuration configuration = new Configuration();
    configuration.set(PipelineOptions.GENERIC_TYPES, false);
    configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(50));
    configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, folder.toUri().toString());
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 1);
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(10));
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(parallelism, configuration);
    DataStream<Packet> records =
        env.fromData(requests(), ImmutableTypeInfo.PACKET)
            .setParallelism(1)
            .assignTimestampsAndWatermarks(
                WatermarkStrategy.<Packet>forMonotonousTimestamps()
                    .withTimestampAssigner((packet, t) -> packet.origin().offset() * GAP_NS))
            .setParallelism(1)
            .rebalance();
    OcrTopology.Outputs outputs =
        OcrTopology.build(records, OcrConfig.of(FakeNetworks.models()), runners, plan);
    List<InferenceResult> results = new ArrayList<>();
    List<DeadLetter> deadLetters = new ArrayList<>();
    CloseableIterator<Tuple2<String, byte[]>> good = outputs.results().collectAsync();
    CloseableIterator<Tuple2<String, byte[]>> bad = outputs.deadLetters().collectAsync();
    env.executeAsync();
    good.forEachRemaining(r -> results.add(Wire.results().decode(r.f1, "test")));
    bad.forEachRemaining(d -> deadLetters.add(Wire.deadLetters().decode(d.f1, "test")));
    results.sort(Comparator.comparing(InferenceResult::getRequestId));
    deadLetters.sort(Comparator.comparing(DeadLetter::getRequestId));
    return new Answers(results, deadLetters);
  }

  /** Takes its time, so that there are checkpoints, and throws an Error once. */
  private record FailsOnce(RunnerSource source) implements RunnerSource {
    static final AtomicInteger RUNS = new AtomicInteger();
    static final int FAILING_RUN = 90;
    private static final int SLOW_MILLIS = 10;

    @Override
    public Held acquire(ModelRef model) {
      Held held = source.acquire(model);
      return new Held() {
        @Override
        public Runner runner() {
          return new Slow(held.runner());
        }

        @Override
        public void close() {
          held.close();
        }
      };
    }

    private record Slow(Runner runner) implements Runner {
      @Override
      public List<Tensor> inputTensors() {
        return runner.inputTensors();
      }

      @Override
      public List<Tensor> outputTensors() {
        return runner.outputTensors();
      }

      @Override
      public long executeAsync(Map<String, TensorData> inputsByTensorName) {
        if (RUNS.incrementAndGet() == FAILING_RUN) {
          throw new LinkageError("injected");
        }
        try {
          Thread.sleep(SLOW_MILLIS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        return runner.executeAsync(inputsByTensorName);
      }

      @Override
      public Map<String, TensorData> await(long jobId, Duration timeout) {
        return runner.await(jobId, timeout);
      }

      @Override
      public void close() {
        runner.close();
      }
    }
  }
}
