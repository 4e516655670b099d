package io.sluice.flink.manage;

import io.sluice.flink.Packet;
import io.sluice.flink.xrm.XrmTypes;
import io.sluice.xrm.Demand;
import io.sluice.xrm.LeaseUpdate;
import java.util.List;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.util.OutputTag;

/** Adds the client of a resource manager that jobs share to a topology. */
public final class LeaseClient {
  /** Encoded ManagerRequests by client. */
  static final OutputTag<Tuple2<String, byte[]>> REQUESTS =
      new OutputTag<>("manager-requests", ManagerStage.KEYED);

  private LeaseClient() {}

  /**
   * What comes out.
   *
   * @param leases what the slots of the job hold, from one subtask
   * @param requests encoded ManagerRequests by client, for the manager
   */
  public record Outputs(
      DataStream<LeaseUpdate> leases, DataStream<Tuple2<String, byte[]>> requests) {}

  /**
   * The client of a job.
   *
   * @param replies what {@link Packet#ofRecord} makes of all that the manager says from now on
   * @param demands each of another slot
   */
  public static Outputs add(
      DataStream<Packet> replies, ClientSettings settings, List<Demand> demands) {
    SingleOutputStreamOperator<LeaseUpdate> leases =
        replies
            .global()
            .transform("lease-keeper", XrmTypes.LEASE_UPDATE, new LeaseKeeper(settings, demands))
            .uid("lease-keeper")
            .setParallelism(1)
            .setMaxParallelism(1);
    return new Outputs(leases, leases.getSideOutput(REQUESTS));
  }
}
