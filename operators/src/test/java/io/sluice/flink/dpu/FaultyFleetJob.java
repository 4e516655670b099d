package io.sluice.flink.dpu;

import io.sluice.fleet.Fleet;
import io.sluice.flink.Clock;
import io.sluice.flink.Failure;
import io.sluice.flink.ImmutableTypeInfo;
import io.sluice.flink.Origin;
import io.sluice.flink.Packet;
import io.sluice.flink.StoredRunners;
import io.sluice.flink.xrm.ResourceManager;
import io.sluice.vart.RunnerOptions;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import io.sluice.xrm.Lease;
import io.sluice.xrm.LeaseUpdate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.Collector;

/**
 * Requests at a constant rate on a network whose units die and come back, in virtual time. Every
 * request has a deadline, so that some are too late once units are rare.
 *
 * @param fleet whose units run the network, and its faults
 * @param requests how many
 * @param gapNs from one to the next
 * @param checkpoints folder of the checkpoints
 */
record FaultyFleetJob(Fleet fleet, int requests, long gapNs, Path checkpoints) {
  static final String LEASE = "lease ";
  private static final double CYCLES = 3e5;
  private static final String DEADLINE_MS = "40";
  private static final int BURST = 50;

  /** How far the source is, and how often it has seen a checkpoint complete; of the process. */
  static final AtomicLong SENT = new AtomicLong();

  static final AtomicLong CHECKPOINTS = new AtomicLong();

  /**
   * The job.
   *
   * @param name under which {@link Committed} keeps its lines: of each request its id, when it was
   *     answered in nanoseconds, and {@code ok} or why not; of each lease update {@value #LEASE},
   *     the slot, epoch and sequence, from when it holds, and the card or {@code none}
   * @param slow whether the source takes its time, so that something can happen in between
   */
  JobGraph graph(String name, int parallelism, boolean slow) {
    Configuration configuration = new Configuration();
    configuration.set(PipelineOptions.GENERIC_TYPES, false);
    configuration.set(PipelineOptions.MAX_PARALLELISM, 128);
    configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(200));
    configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toUri().toString());
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 10);
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(50));
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    env.setParallelism(parallelism);
    DpuModel model = DpuModels.model("net", DpuModels.ZCU102_TARGET, CYCLES);
    DpuPlan plan =
        DpuPlan.of(
            fleet,
            DpuSettings.of(Clock.VIRTUAL, Work.TIMING),
            List.of(new DpuPlan.Network("net", "in", "out", Map.of(4, model))));
    DataStream<LeaseUpdate> leases =
        ResourceManager.leases(env, fleet, plan.demands(), Clock.VIRTUAL);
    long gap = gapNs;
    DataStream<Packet> packets =
        env.fromSequence(0, requests - 1L)
            .uid("numbers")
            .setParallelism(1)
            .map(new Request(slow), ImmutableTypeInfo.PACKET)
            .uid("requests")
            .setParallelism(1)
            .assignTimestampsAndWatermarks(
                WatermarkStrategy.<Packet>forMonotonousTimestamps()
                    .withTimestampAssigner((packet, t) -> packet.origin().offset() * gap))
            .uid("times")
            .setParallelism(1)
            .rebalance();
    DataStream<String> answers =
        DpuStage.add(
                packets,
                leases,
                plan.node("net"),
                plan.settings(),
                new StoredRunners(RunnerOptions.standard()))
            .uid("net")
            .process(new Line(), Types.STRING)
            .uid("lines");
    DataStream<String> held = leases.map(FaultyFleetJob::text, Types.STRING).uid("leases");
    answers
        .union(held)
        .transform("committed", Types.STRING, new Committed(name))
        .uid("committed")
        .sinkTo(new DiscardingSink<>())
        .uid("end");
    return env.getStreamGraph().getJobGraph();
  }

  private static String text(LeaseUpdate update) {
    String card = update.lease().map(Lease::card).orElse("none");
    return LEASE
        + "%s %04d.%08d %d %s"
            .formatted(update.slot(), update.epoch(), update.sequence(), update.atNs(), card);
  }

  private static final class Request extends RichMapFunction<Long, Packet>
      implements CheckpointListener {
    private static final long serialVersionUID = 1L;
    private static final TensorData INPUT =
        TensorData.wrap(DataType.INT8, Shape.of(1, 1, 4, 1), new byte[4]);

    private final boolean slow;

    Request(boolean slow) {
      this.slow = slow;
    }

    @Override
    public Packet map(Long number) throws InterruptedException {
      SENT.set(number);
      if (slow && number % BURST == 0) {
        Thread.sleep(1);
      }
      Map<String, String> attributes = Map.of(Admission.DEADLINE, DEADLINE_MS);
      String id = "r%06d".formatted(number);
      return Packet.of(new Origin("in", 0, number, id, "", 0, attributes)).with("in", INPUT);
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) {
      CHECKPOINTS.incrementAndGet();
    }
  }

  private static final class Line extends ProcessFunction<Packet, String> {
    private static final long serialVersionUID = 1L;

    @Override
    public void processElement(Packet packet, Context context, Collector<String> out) {
      String outcome = packet.failure().map(Line::why).orElse("ok");
      out.collect(packet.origin().requestId() + " " + context.timestamp() + " " + outcome);
    }

    private static String why(Failure failure) {
      return failure.code() + ": " + failure.thing();
    }
  }
}
