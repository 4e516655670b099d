package io.sluice.flink.manage;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.fleet.Fleet;
import io.sluice.flink.Packet;
import io.sluice.flink.wire.Wire;
import io.sluice.flink.xrm.ControlRecord;
import io.sluice.schemas.ManagerReply;
import io.sluice.schemas.ManagerRequest;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.TwoInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class ManagerOperatorTest {
  private static final Fleet FLEET = Asks.fleet("{name: f, cards: [{platform: zcu102}]}");

  private final Wire<ManagerRequest> requests = Wire.managerRequests();
  private final Wire<ManagerReply> replies = Wire.managerReplies();

  /** One life of a manager, from a time on: it is asked for a unit and answers. */
  private final class Life implements AutoCloseable {
    private final TwoInputStreamOperatorTestHarness<Packet, ControlRecord, Tuple2<String, byte[]>>
        harness;

    Life(long beginMs, OperatorSubtaskState state) throws Exception {
      harness =
          new TwoInputStreamOperatorTestHarness<>(
              new ManagerOperator(FLEET, BrokerSettings.STANDARD));
      ExecutionConfig config = new ExecutionConfig();
      TypeInformation<Tuple2<String, byte[]>> told =
          Types.TUPLE(Types.STRING, Types.PRIMITIVE_ARRAY(Types.BYTE));
      harness.setup(told.createSerializer(config.getSerializerConfig()));
      harness.setProcessingTime(beginMs);
      if (state != null) {
        harness.initializeState(state);
      }
      harness.open();
    }

    ManagerReply ask(String id) throws Exception {
      byte[] record = requests.encode(Asks.unit("job", id).build());
      harness.processElement1(new StreamRecord<>(Packet.ofRecord("requests", 0, 0, record)));
      var all = harness.extractOutputValues();
      return replies.decode(all.get(all.size() - 1).f1, "test");
    }

    OperatorSubtaskState snapshot() throws Exception {
      return harness.snapshot(1, 0);
    }

    @Override
    public void close() throws Exception {
      harness.close();
    }
  }

  @Test
  void aManagerWithoutStateIsInALaterEpochThanTheOneBeforeHoweverOftenThatWasRestored()
      throws Exception {
    OperatorSubtaskState state;
    long first;
    try (Life life = new Life(5_000, null)) {
      first = life.ask("a").getEpoch();
      state = life.snapshot();
    }
    long restored;
    try (Life life = new Life(6_000, state)) {
      restored = life.ask("b").getEpoch();
    }
    try (Life life = new Life(7_000, null)) {
      assertThat(restored).isGreaterThan(first);
      assertThat(life.ask("a").getEpoch()).isGreaterThan(restored);
    }
  }
}
