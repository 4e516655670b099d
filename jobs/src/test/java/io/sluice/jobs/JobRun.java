package io.sluice.jobs;

import io.sluice.flink.RunnerSource;
import io.sluice.flink.StoredRunners;
import io.sluice.flink.dpu.DpuPlan;
import io.sluice.flink.ocr.OcrConfig;
import io.sluice.flink.ocr.OcrModels;
import io.sluice.jobs.demo.EmbeddedKafka;
import io.sluice.jobs.demo.TemporaryFolder;
import io.sluice.schemas.DeadLetter;
import io.sluice.schemas.InferenceRequest;
import io.sluice.schemas.InferenceResult;
import io.sluice.vart.RunnerOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Runs the job on records between an embedded Kafka and Flink's local cluster until it ends. */
final class JobRun {
  private static final int PARALLELISM = 2;

  /** What a reader of committed records sees after the end. */
  record Answers(List<InferenceResult> results, List<DeadLetter> deadLetters) {}

  private JobRun() {}

  /** The real models; imported once for all tests of a build. */
  static OcrModels models() {
    return new OcrModelFiles(Path.of("target/models")).prepare();
  }

  static RunnerSource runners() {
    return new StoredRunners(RunnerOptions.standard());
  }

  static Answers of(List<byte[]> records, OcrConfig config, RunnerSource runners) throws Exception {
    return of(
        sender -> records.forEach(sender::send),
        (env, topics) -> OcrJob.build(env, topics, config, runners, true));
  }

  /** As above on a fleet; virtual time begins at 0. */
  static Answers of(
      List<InferenceRequest> requests, OcrConfig config, RunnerSource runners, DpuPlan dpu)
      throws Exception {
    return of(
        sender -> requests.forEach(sender::send),
        (env, topics) -> OcrJob.build(env, topics, config, runners, true, dpu, 0));
  }

  /** As above, a graph. */
  static Answers of(List<InferenceRequest> requests, AksJob job) throws Exception {
    return of(
        sender -> requests.forEach(sender::send), (env, topics) -> job.build(env, topics, true));
  }

  private static Answers of(
      Consumer<RequestSender> requests, BiConsumer<StreamExecutionEnvironment, KafkaTopics> job)
      throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start();
        TemporaryFolder checkpoints = TemporaryFolder.create("sluice-checkpoints")) {
      KafkaTopics topics = new KafkaTopics(kafka.brokers(), "test", "in", "out", "dead");
      kafka.createTopics(Map.of("in", 3, "out", 1, "dead", 1));
      try (RequestSender sender = new RequestSender(topics, EmbeddedKafka.MAX_RECORD_BYTES)) {
        requests.accept(sender);
        sender.flush();
      }
      Configuration configuration = AksJob.configuration();
      configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(250));
      configuration.set(
          CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.path().toUri().toString());
      configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
      configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 1);
      configuration.set(
          RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(100));
      StreamExecutionEnvironment env =
          StreamExecutionEnvironment.createLocalEnvironment(PARALLELISM, configuration);
      job.accept(env, topics);
      env.execute();
      return read(topics);
    }
  }

  /** All that is there; then looks on for a second, for answers that are too many. */
  private static Answers read(KafkaTopics topics) {
    try (AnswerReader reader = new AnswerReader(topics)) {
      int before = -1;
      for (int quiet = 0; quiet < 4; ) {
        before = reader.count();
        reader.poll(Duration.ofMillis(500));
        quiet = reader.count() == before && before > 0 ? quiet + 1 : 0;
      }
      return new Answers(reader.results(), reader.deadLetters());
    }
  }
}
