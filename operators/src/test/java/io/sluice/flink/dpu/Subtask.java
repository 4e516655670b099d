package io.sluice.flink.dpu;

import io.sluice.flink.Clock;
import io.sluice.flink.Origin;
import io.sluice.flink.Packet;
import io.sluice.flink.PacketSerializer;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import io.sluice.xrm.Lease;
import io.sluice.xrm.LeaseUpdate;
import io.sluice.xrm.SlotId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.TwoInputStreamOperatorTestHarness;

/** A subtask in a harness. */
final class Subtask implements AutoCloseable {
  static final DpuNode NODE = DpuModels.node(DpuModels.ZCU102_TARGET, 4);
  static final Duration WAIT = Duration.ofMillis(50);

  final TwoInputStreamOperatorTestHarness<Packet, LeaseUpdate, Packet> harness;
  private long sequence;

  Subtask(Clock clock, Work work, int parallelism, int index) throws Exception {
    this(DpuSettings.of(clock, work).withBounds(WAIT, 1 << 20), parallelism, index);
  }

  Subtask(DpuSettings settings, int parallelism, int index) throws Exception {
    this.harness = harness(settings, parallelism, index);
    harness.open();
  }

  /** One that starts from what others left. */
  Subtask(DpuSettings settings, int parallelism, int index, List<OperatorSubtaskState> states)
      throws Exception {
    this.harness = harness(settings, parallelism, index);
    harness.initializeState(
        AbstractStreamOperatorTestHarness.repartitionOperatorState(
            AbstractStreamOperatorTestHarness.repackageState(
                states.toArray(OperatorSubtaskState[]::new)),
            8,
            states.size(),
            parallelism,
            index));
    harness.open();
  }

  private static TwoInputStreamOperatorTestHarness<Packet, LeaseUpdate, Packet> harness(
      DpuSettings settings, int parallelism, int index) throws Exception {
    TwoInputStreamOperatorTestHarness<Packet, LeaseUpdate, Packet> harness =
        new TwoInputStreamOperatorTestHarness<>(
            new DpuInferenceOperator(NODE, settings, new Doubling()), 8, parallelism, index);
    harness.getExecutionConfig().setAutoWatermarkInterval(0);
    harness.setup(PacketSerializer.INSTANCE);
    return harness;
  }

  void grantAll() throws Exception {
    for (int slot = 0; slot < NODE.slots(); slot++) {
      tell(slot, 0, lease(), "granted");
    }
    harness.processWatermark2(Watermark.MAX_WATERMARK);
  }

  void tell(int slot, long atNs, Optional<Lease> lease, String reason) throws Exception {
    update(slot, atNs, lease, false, reason);
  }

  void update(int slot, long atNs, Optional<Lease> lease, boolean workLost, String reason)
      throws Exception {
    update(slot, sequence++, atNs, lease, workLost, reason);
  }

  void update(
      int slot, long number, long atNs, Optional<Lease> lease, boolean workLost, String reason)
      throws Exception {
    harness.processElement2(
        new LeaseUpdate(new SlotId("net", slot), 1, number, atNs, lease, workLost, reason), atNs);
  }

  void packet(Packet packet, long atNs) throws Exception {
    harness.processElement1(packet, atNs);
  }

  void watermark(long ns) throws Exception {
    harness.processWatermark1(new Watermark(ns));
    harness.processWatermark2(new Watermark(ns));
  }

  void end() throws Exception {
    harness.getOperator().finish();
  }

  @SuppressWarnings("unchecked")
  List<StreamRecord<Packet>> results() {
    return harness.getOutput().stream()
        .filter(StreamRecord.class::isInstance)
        .map(record -> (StreamRecord<Packet>) record)
        .toList();
  }

  List<Packet> packets() {
    return results().stream().map(StreamRecord::getValue).toList();
  }

  /** How many units its slots hold. */
  int leases() {
    return ((DpuInferenceOperator) harness.getOperator()).leases();
  }

  /** The job's totals once it is closed. */
  Map<String, Object> totals() throws Exception {
    Map<String, Object> totals = new HashMap<>();
    harness
        .getEnvironment()
        .getAccumulatorRegistry()
        .getSnapshot()
        .deserializeUserAccumulators(getClass().getClassLoader())
        .forEach((name, total) -> totals.put(name, total.getLocalValue()));
    return totals;
  }

  static Packet packet(String id, float value) {
    Origin origin = new Origin("requests", 0, 0, id, "test", 0, Map.of());
    return Packet.of(origin).with("in", TensorData.ofFloats(Shape.of(1, 1, 4, 1), value, 0, 0, 0));
  }

  static Optional<Lease> lease() {
    return Optional.of(new Lease("zcu102-0/dpu0", "zcu102-0", "zcu102", Lease.WHOLE_UNIT, 1));
  }

  @Override
  public void close() throws Exception {
    harness.close();
  }
}
