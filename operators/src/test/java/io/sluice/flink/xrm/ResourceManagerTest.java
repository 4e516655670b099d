package io.sluice.flink.xrm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.fleet.Fleet;
import io.sluice.flink.Clock;
import io.sluice.target.Fingerprint;
import io.sluice.xrm.Demand;
import io.sluice.xrm.LeaseUpdate;
import io.sluice.xrm.SlotId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The resource manager in a running job. */
class ResourceManagerTest {
  private static final int MAX_LINES = 1000;
  private static final String[] LOSS_OF_A_CARD_AT_50_MS_UNTIL_100_MS = {
    "1.0 at 0: n#0 kv260-0/dpu0 1000000",
    "1.1 at 0: n#1 kv260-1/dpu0 1000000",
    "1.2 at 50: n#0 kv260-1/dpu0 500000 lost",
    "1.3 at 50: n#1 kv260-1/dpu0 500000",
    "1.4 at 100: n#0 kv260-1/dpu0 1000000",
    "1.5 at 100: n#1 kv260-0/dpu0 1000000",
    "1.6 at the end: n#0 none",
    "1.7 at the end: n#1 none",
  };

  private final Fleet fleet = Scenarios.lossOfACard(50, 100);

  @Test
  @Tag("slow")
  void inVirtualTimeAllIsSaidAtOnceThenTimeEnds() throws Exception {
    // An hour between the events takes no time.
    Fleet longScenario = Scenarios.lossOfACard(3_600_000, 7_200_000);
    assertThat(seen(longScenario, Clock.VIRTUAL))
        .containsExactly(
            "1.0 at 0: n#0 kv260-0/dpu0 1000000",
            "1.1 at 0: n#1 kv260-1/dpu0 1000000",
            "1.2 at 3600000: n#0 kv260-1/dpu0 500000 lost",
            "1.3 at 3600000: n#1 kv260-1/dpu0 500000",
            "1.4 at 7200000: n#0 kv260-1/dpu0 1000000",
            "1.5 at 7200000: n#1 kv260-0/dpu0 1000000",
            "1.6 at the end: n#0 none",
            "1.7 at the end: n#1 none",
            "watermark " + Long.MAX_VALUE);
  }

  @Test
  @Tag("slow")
  void inPacedTimeEachIsSaidNotBeforeItsTime() throws Exception {
    List<String> expected = new ArrayList<>(List.of(LOSS_OF_A_CARD_AT_50_MS_UNTIL_100_MS));
    expected.add("watermark " + Long.MAX_VALUE);
    assertThat(seen(fleet, Clock.PACED)).isEqualTo(expected);

    StreamExecutionEnvironment env = environment(new Configuration());
    List<Long> arrivals =
        leases(env, Scenarios.lossOfACard(500, 1_500), Clock.PACED)
            .map(update -> System.nanoTime(), Types.LONG)
            .setParallelism(1)
            .executeAndCollect(MAX_LINES);
    // the first may itself arrive late, by half a second at most
    assertThat(arrivals.get(2)).isGreaterThan(arrivals.get(0));
    assertThat(arrivals.get(4) - arrivals.get(0)).isGreaterThan(ms(1_000));
  }

  @Test
  @Tag("slow")
  void afterAFailureAllIsGrantedInANewEpochAndTheScenarioGoesOn() throws Exception {
    Configuration configuration = new Configuration();
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 1);
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(1));
    StreamExecutionEnvironment env = environment(configuration);
    env.enableCheckpointing(20);
    List<LeaseUpdate> said =
        leases(env, Scenarios.lossOfACard(1, 3_000), Clock.PACED)
            .map(new FailsOnce(4), XrmTypes.LEASE_UPDATE)
            .setParallelism(1)
            .executeAndCollect(MAX_LINES);
    assertThat(said)
        .extracting(Scenarios::text)
        .containsExactly(
            "1.0 at 0: n#0 kv260-0/dpu0 1000000",
            "1.1 at 0: n#1 kv260-1/dpu0 1000000",
            "1.2 at 1: n#0 kv260-1/dpu0 500000 lost",
            "1.3 at 1: n#1 kv260-1/dpu0 500000",
            "2.0 at 1: n#0 kv260-1/dpu0 500000",
            "2.1 at 1: n#1 kv260-1/dpu0 500000",
            "2.2 at 3000: n#0 kv260-1/dpu0 1000000",
            "2.3 at 3000: n#1 kv260-0/dpu0 1000000",
            "2.4 at the end: n#0 none",
            "2.5 at the end: n#1 none");
  }

  @Test
  void aDemandThatNoUnitCanServeIsRefusedBeforeTheJobStarts() {
    Demand other = new Demand(new SlotId("detect", 0), new Fingerprint(7));
    StreamExecutionEnvironment env = environment(new Configuration());
    assertThatThrownBy(() -> ResourceManager.leases(env, fleet, List.of(other), Clock.VIRTUAL))
        .hasMessageContaining("VART_DEVICE_MISMATCH")
        .hasMessageContaining("detect");
  }

  private static long ms(long milliseconds) {
    return milliseconds * 1_000_000;
  }

  private static StreamExecutionEnvironment environment(Configuration configuration) {
    configuration.set(PipelineOptions.GENERIC_TYPES, false);
    return StreamExecutionEnvironment.createLocalEnvironment(2, configuration);
  }

  private static DataStream<LeaseUpdate> leases(
      StreamExecutionEnvironment env, Fleet fleet, Clock clock) {
    return ResourceManager.leases(env, fleet, Scenarios.demands(fleet), clock);
  }

  private static List<String> seen(Fleet fleet, Clock clock) throws Exception {
    StreamExecutionEnvironment env = environment(new Configuration());
    return leases(env, fleet, clock)
        .transform("spy", Types.STRING, new Spy())
        .setParallelism(1)
        .executeAndCollect(MAX_LINES);
  }

  /** Tells what comes: records, watermarks, and whether the stream is idle. */
  private static final class Spy extends AbstractStreamOperator<String>
      implements OneInputStreamOperator<LeaseUpdate, String> {
    private static final long serialVersionUID = 1L;

    @Override
    public void processElement(StreamRecord<LeaseUpdate> element) {
      say(
          Scenarios.text(element.getValue())
              + (element.getTimestamp() == element.getValue().atNs() ? "" : " not at its time"));
    }

    @Override
    public void processWatermark(Watermark mark) {
      say("watermark " + mark.getTimestamp());
    }

    @Override
    public void processWatermarkStatus(WatermarkStatus status) {
      say(status.toString());
    }

    private void say(String line) {
      output.collect(new StreamRecord<>(line));
    }
  }

  /** Fails when a checkpoint is complete that holds this many updates, in its first life. */
  private static final class FailsOnce extends RichMapFunction<LeaseUpdate, LeaseUpdate>
      implements CheckpointedFunction, CheckpointListener {
    private static final long serialVersionUID = 1L;

    private final int updates;
    private transient int seen;
    private transient long checkpoint;

    FailsOnce(int updates) {
      this.updates = updates;
    }

    @Override
    public LeaseUpdate map(LeaseUpdate update) {
      seen++;
      return update;
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) {
      if (checkpoint == 0 && seen >= updates) {
        checkpoint = context.getCheckpointId();
      }
    }

    @Override
    public void initializeState(FunctionInitializationContext context) {}

    @Override
    public void notifyCheckpointComplete(long id) {
      boolean firstLife = getRuntimeContext().getTaskInfo().getAttemptNumber() == 0;
      if (firstLife && checkpoint != 0 && id >= checkpoint) {
        throw new IllegalStateException("fails once");
      }
    }
  }
}
