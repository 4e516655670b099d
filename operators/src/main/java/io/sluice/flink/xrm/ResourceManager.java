package io.sluice.flink.xrm;

import io.sluice.error.SluiceException;
import io.sluice.fleet.Fleet;
import io.sluice.flink.Clock;
import io.sluice.xrm.Demand;
import io.sluice.xrm.LeaseUpdate;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Adds the resource manager of a fleet to a job. */
public final class ResourceManager {
  private ResourceManager() {}

  /**
   * What the slots of a job hold, from the demands at time 0 on and through the faults of the
   * fleet. The timestamp of an update is its time in nanoseconds; the stream has no watermark until
   * it ends, then the maximum, and is never idle. It comes from one subtask: broadcast it to where
   * the slots are.
   *
   * <p>When the scenario is over the manager takes everything back, for {@link LeaseUpdate#AT_END}:
   * there is no stream to tell it when the last request is answered, so it says beforehand what
   * holds then.
   *
   * <p>After a restore every slot is told again what it holds, in a new epoch, unless the scenario
   * had ended before the checkpoint: Flink does not start again what has finished. So what a slot
   * has been told stays valid until a later update.
   *
   * @param demands at most {@link io.sluice.xrm.LeaseManager#MAX_SLOTS}, each of another slot
   * @param clock VIRTUAL for all updates at once, PACED for each at its time since the first start
   * @throws SluiceException VART_DEVICE_MISMATCH if no unit of the fleet can serve a demand
   */
  public static DataStream<LeaseUpdate> leases(
      StreamExecutionEnvironment env, Fleet fleet, List<Demand> demands, Clock clock) {
    demands.forEach(demand -> fleet.unitsFor(demand.fingerprint(), demand.slot().node()));
    return scenario(env, fleet, demands, clock)
        .transform("resource-manager", XrmTypes.LEASE_UPDATE, new ResourceManagerOperator(fleet))
        .uid("resource-manager")
        .setParallelism(1)
        .setMaxParallelism(1);
  }

  /**
   * What befalls the cards of a fleet, by its file. From one subtask; the stream ends after the
   * last event.
   */
  public static DataStream<ControlRecord> events(
      StreamExecutionEnvironment env, Fleet fleet, Clock clock) {
    return scenario(env, fleet, List.of(), clock);
  }

  private static SingleOutputStreamOperator<ControlRecord> scenario(
      StreamExecutionEnvironment env, Fleet fleet, List<Demand> demands, Clock clock) {
    return env.fromSource(
            new ScenarioSource(fleet, demands, clock),
            WatermarkStrategy.noWatermarks(),
            "fleet-scenario",
            XrmTypes.CONTROL_RECORD)
        .uid("fleet-scenario")
        .setParallelism(1)
        .setMaxParallelism(1);
  }
}
