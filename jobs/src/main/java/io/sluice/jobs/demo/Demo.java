package io.sluice.jobs.demo;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.flink.RunnerSource;
import io.sluice.flink.dpu.DpuPlan;
import io.sluice.flink.metrics.DpuTotals;
import io.sluice.flink.metrics.StageTimes;
import io.sluice.flink.ocr.OcrConfig;
import io.sluice.flink.ocr.OcrModels;
import io.sluice.flink.ocr.OcrStage;
import io.sluice.flink.ocr.Pipelines;
import io.sluice.jobs.AnswerReader;
import io.sluice.jobs.JobFailures;
import io.sluice.jobs.KafkaTopics;
import io.sluice.jobs.OcrJob;
import io.sluice.jobs.RequestSender;
import io.sluice.report.CharacterAccuracy;
import io.sluice.schemas.InferenceRequest;
import io.sluice.schemas.InferenceResult;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The OCR job in this process, between an embedded Kafka node and Flink's local cluster: sends
 * pages, waits until each is answered, and lets the job end by itself.
 */
public final class Demo {
  private static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(1);
  private static final Duration POLL = Duration.ofMillis(200);

  private final OcrModels models;
  private final RunnerSource runners;
  private final Optional<DpuPlan> dpu;
  private final int parallelism;
  private final Duration timeout;

  private Demo(
      OcrModels models,
      RunnerSource runners,
      Optional<DpuPlan> dpu,
      int parallelism,
      Duration timeout) {
    this.models = models;
    this.runners = runners;
    this.dpu = dpu;
    this.parallelism = parallelism;
    this.timeout = timeout;
  }

  /**
   * A demo whose networks run on this machine's processor.
   *
   * @param parallelism subtasks of each stage
   * @param timeout how long the job may take before it is cancelled
   */
  public static Demo onCpu(
      OcrModels models, RunnerSource runners, int parallelism, Duration timeout) {
    return new Demo(models, runners, Optional.empty(), parallelism, timeout);
  }

  /**
   * A demo whose networks run on a simulated fleet.
   *
   * @param models those that the plan was made of
   */
  public static Demo onDpus(
      OcrModels models, RunnerSource runners, DpuPlan dpu, int parallelism, Duration timeout) {
    return new Demo(models, runners, Optional.of(dpu), parallelism, timeout);
  }

  /**
   * Reads the pages.
   *
   * @param arrivalMillis when each page is sent: the time of its record, and so in virtual time the
   *     time at which it arrives
   * @throws SluiceException SLUICE_TIMEOUT if not all are answered in time; SLUICE_STAGE_FAILED if
   *     the job fails
   */
  public DemoResult run(List<DemoPage> pages, List<Long> arrivalMillis, Progress progress)
      throws Exception {
    progress.step("starting Kafka");
    try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
      KafkaTopics topics =
          new KafkaTopics(kafka.brokers(), "demo", "requests", "results", "dead-letters");
      kafka.createTopics(Map.of("requests", parallelism, "results", 1, "dead-letters", 1));
      send(pages, arrivalMillis, topics);
      progress.step("starting Flink");
      long begunMillis = System.currentTimeMillis();
      try (TemporaryFolder checkpoints = TemporaryFolder.create("sluice-checkpoints");
          AnswerReader reader = new AnswerReader(topics)) {
        JobClient job = submit(topics, checkpoints.path());
        Map<String, ?> totals = await(job, reader, pages.size(), progress);
        return result(pages, reader, totals, begunMillis);
      }
    }
  }

  private static void send(List<DemoPage> pages, List<Long> arrivalMillis, KafkaTopics topics) {
    try (RequestSender sender = new RequestSender(topics, EmbeddedKafka.MAX_RECORD_BYTES)) {
      for (int i = 0; i < pages.size(); i++) {
        sender.send(
            InferenceRequest.newBuilder()
                .setId(pages.get(i).name())
                .setPipeline(Pipelines.PAGE)
                .setImage(ByteBuffer.wrap(pages.get(i).image()))
                .setCreatedAtMillis(arrivalMillis.get(i))
                .build());
      }
      sender.flush();
    }
  }

  private JobClient submit(KafkaTopics topics, Path checkpoints) throws Exception {
    Configuration configuration = OcrJob.configuration();
    configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, CHECKPOINT_INTERVAL);
    // What waits for a DPU is larger than the 5 MB that Flink keeps of a checkpoint in memory.
    configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toUri().toString());
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 2);
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(parallelism, configuration);
    OcrConfig config = OcrConfig.of(models);
    if (dpu.isPresent()) {
      OcrJob.build(env, topics, config, runners, true, dpu.get(), 0);
    } else {
      OcrJob.build(env, topics, config, runners, true);
    }
    return env.executeAsync("sluice-demo");
  }

  /** Waits for the end of the job and returns its accumulators. */
  private Map<String, ?> await(JobClient job, AnswerReader reader, int pages, Progress progress)
      throws InterruptedException {
    var end = job.getJobExecutionResult();
    long deadlineNs = System.nanoTime() + timeout.toNanos();
    while (!end.isDone()) {
      progress.answered(reader.count(), pages);
      if (System.nanoTime() - deadlineNs > 0) {
        cancel(job);
        throw new SluiceException(
            ErrorCode.SLUICE_TIMEOUT,
            reader.count() + " of " + pages + " pages answered after " + timeout.toSeconds() + " s",
            "demo",
            "use a machine that has nothing else to do, or send fewer pages");
      }
      reader.poll(POLL);
    }
    // The job ends after its last transaction is committed, so a short look sees all of it.
    for (int look = 0; look < 25 && reader.count() < pages; look++) {
      reader.poll(POLL);
    }
    progress.answered(reader.count(), pages);
    try {
      return end.get().getAllAccumulatorResults();
    } catch (ExecutionException e) {
      throw JobFailures.of(e, "demo");
    }
  }

  private static void cancel(JobClient job) throws InterruptedException {
    try {
      job.cancel().get(30, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new SluiceException(
          ErrorCode.SLUICE_TIMEOUT, "the job cannot be cancelled", "demo", "end the process", e);
    }
  }

  private DemoResult result(
      List<DemoPage> pages, AnswerReader reader, Map<String, ?> totals, long begunMillis) {
    Map<String, InferenceResult> results =
        reader.results().stream()
            .collect(Collectors.toMap(InferenceResult::getRequestId, Function.identity()));
    List<DemoResult.Answered> answered =
        pages.stream()
            .map(
                page -> {
                  Optional<InferenceResult> result = Optional.ofNullable(results.get(page.name()));
                  String text = result.map(InferenceResult::getText).orElse("");
                  return new DemoResult.Answered(
                      page, result, CharacterAccuracy.of(page.truth(), text));
                })
            .toList();
    return new DemoResult(
        answered,
        reader.deadLetters(),
        Arrays.stream(OcrStage.values()).map(s -> StageTimes.of(s.id(), totals)).toList(),
        dpu.map(DpuPlan::nodes).orElse(List.of()).stream()
            .map(node -> DpuTotals.of(node.id(), totals))
            .toList(),
        parallelism,
        (reader.lastTimestampMillis() - begunMillis) / 1000.0);
  }
}
