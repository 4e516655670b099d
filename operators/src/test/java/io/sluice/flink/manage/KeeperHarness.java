package io.sluice.flink.manage;

import io.sluice.flink.ImmutableTypeInfo;
import io.sluice.flink.Packet;
import io.sluice.flink.wire.Wire;
import io.sluice.flink.xrm.XrmTypes;
import io.sluice.schemas.ManagerReply;
import io.sluice.schemas.ManagerRequest;
import io.sluice.xrm.Demand;
import io.sluice.xrm.LeaseUpdate;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;

/** A {@link LeaseKeeper} between a test that plays the manager and one that plays the slots. */
final class KeeperHarness implements AutoCloseable {
  static final String CLIENT = "job";
  static final long TERM_MS = 300;

  private final Wire<ManagerRequest> requests = Wire.managerRequests();
  private final Wire<ManagerReply> replies = Wire.managerReplies();
  private final OneInputStreamOperatorTestHarness<Packet, LeaseUpdate> harness;
  private int told;

  /**
   * @param state of an earlier life, or null
   */
  KeeperHarness(List<Demand> demands, OperatorSubtaskState state) throws Exception {
    ExecutionConfig config = new ExecutionConfig();
    harness =
        new OneInputStreamOperatorTestHarness<>(
            new LeaseKeeper(new ClientSettings(CLIENT, "", TERM_MS), demands),
            ImmutableTypeInfo.PACKET.createSerializer(config.getSerializerConfig()));
    harness.setup(XrmTypes.LEASE_UPDATE.createSerializer(config.getSerializerConfig()));
    if (state != null) {
      harness.initializeState(state);
    }
    harness.open();
  }

  OperatorSubtaskState snapshot() throws Exception {
    return harness.snapshot(1, 0);
  }

  void atMs(long ms) throws Exception {
    harness.setProcessingTime(ms);
  }

  /** What it asked of the manager since this was called last. */
  List<ManagerRequest> asked() {
    Queue<StreamRecord<Tuple2<String, byte[]>>> sent = harness.getSideOutput(LeaseClient.REQUESTS);
    List<ManagerRequest> all = new ArrayList<>();
    while (sent != null && !sent.isEmpty()) {
      all.add(requests.decode(sent.remove().getValue().f1, "test"));
    }
    return all;
  }

  /** The ids of the units asked for since {@link #asked} was called last. */
  List<String> allocations() {
    return asked().stream()
        .filter(request -> request.getName().equals(FleetBroker.ALLOC))
        .map(ManagerRequest::getRequestId)
        .toList();
  }

  void hears(ManagerReply reply) throws Exception {
    harness.processElement(
        new StreamRecord<>(Packet.ofRecord("replies", 0, 0, replies.encode(reply))));
  }

  /** What it told slots since this was called last. */
  List<LeaseUpdate> told() {
    List<LeaseUpdate> all = harness.extractOutputValues();
    List<LeaseUpdate> since = all.subList(told, all.size());
    told = all.size();
    return since;
  }

  @Override
  public void close() throws Exception {
    harness.close();
  }
}
