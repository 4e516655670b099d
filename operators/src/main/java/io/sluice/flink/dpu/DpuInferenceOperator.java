package io.sluice.flink.dpu;

import io.sluice.error.SluiceException;
import io.sluice.flink.Clock;
import io.sluice.flink.Failure;
import io.sluice.flink.GuardedKernel;
import io.sluice.flink.InferenceKernel;
import io.sluice.flink.Packet;
import io.sluice.flink.RunnerSource;
import io.sluice.flink.metrics.DpuMeters;
import io.sluice.flink.metrics.StageMeters;
import io.sluice.vart.ModelRef;
import io.sluice.xrm.LeaseUpdate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.IOUtils;

/**
 * Runs the requests of a DPU node on the units that its slots hold. The first input has the
 * packets, each at the subtask that serves its slot; the second what the resource manager says, all
 * of it at every subtask. Packets of no interest and failed ones pass at once.
 *
 * <p>In virtual time a watermark plays the schedule up to its time, and results leave with their
 * modelled finish as timestamp before it. In paced time a result leaves when its modelled finish
 * has come and it is computed, whichever is later.
 *
 * <p>What waits and runs is operator state that every subtask reads back and takes its slots from,
 * so it survives a restart and another parallelism. In virtual time the schedule goes on where it
 * was; in paced time what ran begins again.
 */
final class DpuInferenceOperator extends AbstractStreamOperator<Packet>
    implements TwoInputStreamOperator<Packet, LeaseUpdate, Packet> {
  private static final long serialVersionUID = 1L;

  private final DpuNode node;
  private final DpuSettings settings;
  private final RunnerSource source;

  private transient StageMeters stageMeters;
  private transient DpuMeters meters;
  private transient InferenceKernel kernel;
  private transient Computing computing;
  private transient Admission admission;
  private transient DpuSchedule schedule;
  private transient PacedTime pacedTime;
  private transient MailboxExecutor mailbox;
  private transient ListState<byte[]> saved;
  private transient List<SlotState> restored;
  private transient long playedNs;

  DpuInferenceOperator(DpuNode node, DpuSettings settings, RunnerSource source) {
    this.node = node;
    this.settings = settings;
    this.source = source;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    saved =
        context
            .getOperatorStateStore()
            .getUnionListState(
                new ListStateDescriptor<>("slots", BytePrimitiveArraySerializer.INSTANCE));
    restored = new ArrayList<>();
    for (byte[] state : saved.get()) {
      restored.add(SlotStateCodec.decode(state));
    }
  }

  @Override
  public void open() throws Exception {
    super.open();
    playedNs = Long.MIN_VALUE;
    stageMeters = StageMeters.of(node.id(), getRuntimeContext());
    meters = DpuMeters.of(node.id(), settings.queues().levels().size(), getRuntimeContext());
    openKernel();
    if (isPaced()) {
      mailbox =
          getContainingTask()
              .getMailboxExecutorFactory()
              .createExecutor(getOperatorConfig().getChainIndex());
      pacedTime = new PacedTime(node.id(), this::wake);
    }
    computing = computing();
    admission = new Admission(node, settings);
    schedule =
        new DpuSchedule(
            node, settings, new Outlet(node.id(), computing, admission, meters, this::emit));
    meters.leases(this::leases);
    for (SlotState state : restored) {
      if (serves(state.slot())) {
        state.requireFits(node, settings);
        admission.restored(state);
        schedule.restore(isPaced() ? state.rebased() : state);
      }
    }
    restored = List.of();
    if (isPaced()) {
      play();
    }
  }

  private void openKernel() {
    Map<Integer, ModelRef> refs = new TreeMap<>();
    node.modelsByWidth().forEach((width, model) -> refs.put(width, model.ref()));
    kernel = new InferenceKernel(refs, source, node.input(), node.outputs());
    kernel.open();
    if (settings.warmUp()) {
      try {
        kernel.warmUp();
      } catch (RuntimeException e) {
        LOG.warn("node {} does not get warm; its requests will say why", node.id(), e);
      }
    }
  }

  private Computing computing() {
    if (settings.work() == Work.TIMING) {
      return Computing.nothing();
    }
    GuardedKernel guarded = new GuardedKernel(node.id(), kernel, stageMeters);
    return isPaced()
        ? new ComputingBeside(
            node.id() + "-computing", packet -> guarded.run(packet).get(0), this::wake)
        : Computing.atFinish(packet -> guarded.run(packet).get(0));
  }

  int leases() {
    return schedule.leases();
  }

  private boolean isPaced() {
    return settings.clock() == Clock.PACED;
  }

  private boolean serves(int slot) {
    var task = getRuntimeContext().getTaskInfo();
    return slot % task.getNumberOfParallelSubtasks() == task.getIndexOfThisSubtask();
  }

  @Override
  public void processElement1(StreamRecord<Packet> record) throws Exception {
    Packet packet = record.getValue();
    if (packet.failed()) {
      passFailed(record, packet);
    } else if (!packet.has(node.input())) {
      output.collect(record);
    } else {
      take(record, packet);
    }
  }

  private void take(StreamRecord<Packet> record, Packet packet) throws Exception {
    try {
      schedule.arrive(node.slotOf(packet), admission.admit(packet, timeOf(record)));
    } catch (SluiceException e) {
      stageMeters.failed();
      passFailed(record, packet.failed(Failure.of(node.id(), e)));
      return;
    }
    if (isPaced()) {
      play();
      while (admission.isFull() && schedule.isMoving()) {
        mailbox.yield();
      }
    } else {
      admission.checkAhead();
    }
  }

  /** The parts of the same request that are here may have no use any more. */
  private void passFailed(StreamRecord<Packet> record, Packet failed) {
    if (settings.cancelSiblings() && !failed.isWhole()) {
      schedule.partFailed(
          CancelMarks.slotOf(failed, node),
          failed.origin().position(),
          failed.failure().orElseThrow(),
          timeOf(record));
      if (isPaced()) {
        play();
      }
    }
    if (!CancelMarks.isMark(failed)) {
      output.collect(record.replace(failed));
    }
  }

  /** A record that comes late, behind the watermark of its time, arrives now. */
  private long timeOf(StreamRecord<Packet> record) {
    if (isPaced()) {
      return pacedTime.nowNs();
    }
    if (!record.hasTimestamp()) {
      throw new IllegalStateException("virtual time needs records with timestamps");
    }
    return Math.max(record.getTimestamp(), playedNs);
  }

  @Override
  public void processElement2(StreamRecord<LeaseUpdate> record) {
    LeaseUpdate update = record.getValue();
    if (update.slot().node().equals(node.id()) && serves(node.slotOfUnit(update.slot().index()))) {
      boolean now = isPaced() && update.atNs() != LeaseUpdate.AT_END;
      schedule.tell(update, now ? pacedTime.nowNs() : update.atNs());
      if (isPaced()) {
        play();
      }
    }
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    if (!isPaced()) {
      playedNs = mark.getTimestamp();
      schedule.drain(playedNs);
    }
    super.processWatermark(mark);
  }

  /** Plays what is due in paced time and has itself woken when something is due again. */
  private void play() {
    schedule.drain(pacedTime.nowNs());
    schedule.nextNs().ifPresent(pacedTime::wakeAt);
  }

  /** Lets the task thread play; called by others. */
  private void wake() {
    try {
      mailbox.execute(this::play, "play " + node.id());
    } catch (RejectedExecutionException e) {
      LOG.debug("node {} has ended", node.id(), e);
    }
  }

  private void emit(Answer answer) {
    if (answer.packet().failed()) {
      stageMeters.failed();
    }
    output.collect(
        isPaced()
            ? new StreamRecord<>(answer.packet())
            : new StreamRecord<>(answer.packet(), answer.atNs()));
  }

  /**
   * No more packets and no more updates: what is in flight ends before the task does, then the
   * units are given back. In virtual time the last watermark has done both.
   */
  @Override
  public void finish() throws Exception {
    if (isPaced()) {
      while (!schedule.isIdle()) {
        mailbox.yield();
      }
      schedule.drain(LeaseUpdate.AT_END);
    }
    super.finish();
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    List<byte[]> states = new ArrayList<>();
    for (SlotState state : schedule.state()) {
      states.add(SlotStateCodec.encode(state));
    }
    saved.update(states);
  }

  @Override
  public void close() throws Exception {
    IOUtils.closeAll(pacedTime, computing, kernel, meters, stageMeters, super::close);
  }
}
