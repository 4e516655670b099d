package io.sluice.flink.manage;

import io.sluice.fleet.Fleet;
import io.sluice.flink.Clock;
import io.sluice.flink.Packet;
import io.sluice.flink.xrm.ResourceManager;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.util.OutputTag;

/** Adds the resource manager that jobs share to a topology. */
public final class ManagerStage {
  static final TypeInformation<Tuple2<String, byte[]>> KEYED =
      Types.TUPLE(Types.STRING, Types.PRIMITIVE_ARRAY(Types.BYTE));

  /** Encoded DeadLetters by request. */
  static final OutputTag<Tuple2<String, byte[]>> DEAD_LETTERS =
      new OutputTag<>("dead-letters", KEYED);

  private ManagerStage() {}

  /**
   * What comes out.
   *
   * @param replies encoded ManagerReplies by client
   * @param deadLetters encoded DeadLetters by request, of what cannot be read
   */
  public record Outputs(
      DataStream<Tuple2<String, byte[]>> replies, DataStream<Tuple2<String, byte[]>> deadLetters) {}

  /**
   * The manager of a fleet.
   *
   * @param requests what {@link Packet#ofRecord} makes of the records of a topic
   */
  public static Outputs add(DataStream<Packet> requests, Fleet fleet, BrokerSettings settings) {
    SingleOutputStreamOperator<Tuple2<String, byte[]>> replies =
        requests
            .global()
            .connect(ResourceManager.events(requests.getExecutionEnvironment(), fleet, Clock.PACED))
            .transform("resource-manager", KEYED, new ManagerOperator(fleet, settings))
            .uid("resource-manager")
            .setParallelism(1)
            .setMaxParallelism(1);
    return new Outputs(replies, replies.getSideOutput(DEAD_LETTERS));
  }
}
