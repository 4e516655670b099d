package io.sluice.aks;

import io.sluice.aks.NodeOptions.JoinBounds;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.flink.Failure;
import io.sluice.flink.ImmutableTypeInfo;
import io.sluice.flink.Packet;
import io.sluice.flink.metrics.JoinMeters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple4;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Waits, by job, for what belongs together and sends it on as one packet, with the time of the
 * latest. When one of them failed the others are dropped at once, and when all have come the
 * failure goes on: of several the one of the first part and of the node that is first in the graph,
 * so it does not depend on which came first. A job that cannot be held, or of which something does
 * not come in time, fails as well; what comes later is dropped.
 */
final class JoinOperator extends AbstractStreamOperator<Packet>
    implements OneInputStreamOperator<Packet, Packet>, Triggerable<String, VoidNamespace> {
  private static final long serialVersionUID = 1L;
  private static final long NO_TIMER = Long.MIN_VALUE;
  private static final long NS_PER_MS = 1_000_000;

  private final String node;
  private final JoinKind kind;
  private final JoinBounds bounds;
  private final boolean isVirtual;
  private final Map<String, Integer> ranks;
  private transient ListState<Packet> held;
  private transient ValueState<Packet> failure;

  /** How many came, the timer, the latest timestamp, whether the job was answered already. */
  private transient ValueState<Tuple4<Integer, Long, Long, Boolean>> progress;

  private transient InternalTimerService<VoidNamespace> timers;
  private transient JoinMeters meters;
  private transient int jobs;
  private transient long bytes;

  /**
   * @param node the node before which it waits
   * @param ranks of the nodes by name, to choose among failures
   */
  JoinOperator(
      String node,
      JoinKind kind,
      JoinBounds bounds,
      boolean isVirtual,
      Map<String, Integer> ranks) {
    this.node = node;
    this.kind = kind;
    this.bounds = bounds;
    this.isVirtual = isVirtual;
    this.ranks = ranks;
  }

  @Override
  public void open() throws Exception {
    super.open();
    ListStateDescriptor<Packet> heldAs =
        new ListStateDescriptor<>("held", ImmutableTypeInfo.PACKET);
    held = getRuntimeContext().getListState(heldAs);
    failure =
        getRuntimeContext()
            .getState(new ValueStateDescriptor<>("failure", ImmutableTypeInfo.PACKET));
    progress =
        getRuntimeContext()
            .getState(
                new ValueStateDescriptor<>(
                    "progress", Types.TUPLE(Types.INT, Types.LONG, Types.LONG, Types.BOOLEAN)));
    timers = getInternalTimerService("timeouts", VoidNamespaceSerializer.INSTANCE, this);
    getKeyedStateBackend()
        .applyToAllKeys(
            VoidNamespace.INSTANCE,
            VoidNamespaceSerializer.INSTANCE,
            heldAs,
            (key, state) -> {
              jobs++;
              for (Packet packet : state.get()) {
                bytes += JobPackets.bytes(packet);
              }
            });
    meters = new JoinMeters(getMetricGroup().addGroup("join", node), () -> jobs, () -> bytes);
  }

  @Override
  public void processElement(StreamRecord<Packet> record) throws Exception {
    Packet packet = record.getValue();
    int expected = kind.expected(packet);
    if (expected == 1) {
      output.collect(record.replace(packet.failed() ? packet : kind.merge(List.of(packet))));
      return;
    }
    Tuple4<Integer, Long, Long, Boolean> now = progress.value();
    boolean first = now == null;
    if (first) {
      now = Tuple4.of(0, NO_TIMER, Long.MIN_VALUE, false);
    }
    now.f0++;
    if (record.hasTimestamp()) {
      now.f2 = Math.max(now.f2, record.getTimestamp());
    }
    if (!now.f3) {
      keep(packet);
    }
    if (now.f0 == expected) {
      finish(now);
      return;
    }
    if (first) {
      now.f1 = startTimer(record);
    }
    progress.update(now);
  }

  /** Holds the packet, or drops what is held if the job has failed with it. */
  private void keep(Packet packet) throws Exception {
    Packet known = failure.value();
    if (packet.failed()) {
      if (known == null || isBefore(packet, known)) {
        failure.update(packet);
      }
      release();
    } else if (known == null) {
      long size = JobPackets.bytes(packet);
      boolean isNew = !held.get().iterator().hasNext();
      if (isNew && jobs >= bounds.maxJobs() || bytes + size > bounds.maxBytes()) {
        failure.update(
            failed(
                packet,
                ErrorCode.SLUICE_LIMIT,
                jobs + " jobs of " + bytes + " bytes wait already",
                "send jobs more slowly, speed up the slowest parent, or allow more by max_jobs and"
                    + " max_bytes in the node's sluice object"));
        release();
        return;
      }
      held.add(packet);
      bytes += size;
      jobs += isNew ? 1 : 0;
    }
  }

  private boolean isBefore(Packet packet, Packet other) {
    if (packet.part() != other.part()) {
      return packet.part() < other.part();
    }
    return rank(packet) < rank(other);
  }

  private int rank(Packet failed) {
    return ranks.getOrDefault(failed.failure().orElseThrow().stage(), -1);
  }

  /** Frees what is held of the job. */
  private List<Packet> release() throws Exception {
    List<Packet> freed = new ArrayList<>();
    held.get().forEach(freed::add);
    held.clear();
    freed.forEach(packet -> bytes -= JobPackets.bytes(packet));
    jobs -= freed.isEmpty() ? 0 : 1;
    return freed;
  }

  private void finish(Tuple4<Integer, Long, Long, Boolean> now) throws Exception {
    Packet known = failure.value();
    List<Packet> arrived = release();
    stopTimer(now.f1);
    progress.clear();
    failure.clear();
    if (!now.f3) {
      emit(known == null ? kind.merge(arrived) : known, now.f2);
    }
  }

  private void emit(Packet packet, long timestampNs) {
    output.collect(
        timestampNs == Long.MIN_VALUE
            ? new StreamRecord<>(packet)
            : new StreamRecord<>(packet, timestampNs));
  }

  private long startTimer(StreamRecord<Packet> record) {
    if (isVirtual) {
      long atNs = record.getTimestamp() + bounds.timeoutMs() * NS_PER_MS;
      timers.registerEventTimeTimer(VoidNamespace.INSTANCE, atNs);
      return atNs;
    }
    long atMs = timers.currentProcessingTime() + bounds.timeoutMs();
    timers.registerProcessingTimeTimer(VoidNamespace.INSTANCE, atMs);
    return atMs;
  }

  private void stopTimer(long at) {
    if (at == NO_TIMER) {
      return;
    }
    if (isVirtual) {
      timers.deleteEventTimeTimer(VoidNamespace.INSTANCE, at);
    } else {
      timers.deleteProcessingTimeTimer(VoidNamespace.INSTANCE, at);
    }
  }

  @Override
  public void onEventTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
    expire(timer.getTimestamp());
  }

  @Override
  public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
    expire(Long.MIN_VALUE);
  }

  private void expire(long atNs) throws Exception {
    Tuple4<Integer, Long, Long, Boolean> now = progress.value();
    if (now == null || now.f3) {
      return;
    }
    Packet known = failure.value();
    List<Packet> arrived = release();
    failure.clear();
    now.f1 = NO_TIMER;
    now.f3 = true;
    progress.update(now);
    meters.expired();
    emit(
        known != null
            ? known
            : failed(
                arrived.get(0),
                ErrorCode.SLUICE_TIMEOUT,
                now.f0
                    + " of "
                    + kind.expected(arrived.get(0))
                    + " came within "
                    + bounds.timeoutMs()
                    + " ms",
                "speed up the slowest parent, or allow more by join.timeout_ms in the node's sluice"
                    + " object"),
        atNs);
  }

  private Packet failed(Packet packet, ErrorCode code, String thing, String remedy) {
    return packet.failed(
        Failure.of(
            node, new SluiceException(code, thing, "join before node '" + node + "'", remedy)));
  }

  @Override
  public void close() throws Exception {
    if (meters != null) {
      meters.close();
    }
    super.close();
  }
}
