package io.sluice.flink.dpu;

import io.sluice.error.ErrorCode;
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
import io.sluice.xir.TensorData;
import io.sluice.xrm.LeaseUpdate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /** Above so many times the bound, requests that no unit serves are refused. */
  private static final int REFUSAL_FACTOR = 4;

  private final DpuNode node;
  private final DpuSettings settings;
  private final RunnerSource source;

  private transient StageMeters stageMeters;
  private transient DpuMeters meters;
  private transient InferenceKernel kernel;
  private transient Computing computing;
  private transient DpuSchedule schedule;
  private transient PacedTime pacedTime;
  private transient MailboxExecutor mailbox;
  private transient ListState<byte[]> saved;
  private transient List<SlotState> restored;
  private transient long inFlightBytes;
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
    meters = DpuMeters.of(node.id(), getRuntimeContext());
    Map<Integer, ModelRef> refs = new TreeMap<>();
    node.modelsByWidth().forEach((width, model) -> refs.put(width, model.ref()));
    kernel = new InferenceKernel(refs, source, node.input(), node.output());
    kernel.open();
    schedule = new DpuSchedule(node, settings.maxUnitWait().toNanos(), new Outlet());
    if (isPaced()) {
      mailbox =
          getContainingTask()
              .getMailboxExecutorFactory()
              .createExecutor(getOperatorConfig().getChainIndex());
      pacedTime = new PacedTime(node.id(), this::wake);
    }
    computing = computing();
    for (SlotState state : restored) {
      if (serves(state.slot())) {
        restore(state);
      }
    }
    restored = List.of();
    if (isPaced()) {
      play();
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

  private boolean isPaced() {
    return settings.clock() == Clock.PACED;
  }

  private boolean serves(int slot) {
    var task = getRuntimeContext().getTaskInfo();
    return slot % task.getNumberOfParallelSubtasks() == task.getIndexOfThisSubtask();
  }

  /** Paced time begins anew with every start, so what waited and ran arrives again at 0. */
  private void restore(SlotState state) {
    state.queue().forEach(r -> inFlightBytes += r.bytes());
    state.coming().forEach(r -> inFlightBytes += r.bytes());
    state.running().ifPresent(b -> b.requests().forEach(r -> inFlightBytes += r.bytes()));
    if (!isPaced()) {
      schedule.restore(state);
      return;
    }
    List<Request> again = new ArrayList<>();
    state.running().ifPresent(batch -> again.addAll(batch.requests()));
    again.addAll(state.queue());
    again.addAll(state.coming());
    schedule.restore(
        new SlotState(
            state.slot(),
            state.held(),
            0,
            again.stream().map(request -> request.at(0)).toList(),
            Optional.empty(),
            List.of(),
            List.of()));
    state.told().forEach(update -> schedule.tell(update, 0));
  }

  @Override
  public void processElement1(StreamRecord<Packet> record) throws Exception {
    Packet packet = record.getValue();
    if (packet.failed() || !packet.has(node.input())) {
      output.collect(record);
      return;
    }
    try {
      admit(packet, isPaced() ? pacedTime.nowNs() : timestampOf(record));
    } catch (SluiceException e) {
      stageMeters.failed();
      output.collect(record.replace(packet.failed(Failure.of(node.id(), e))));
      return;
    }
    if (isPaced()) {
      play();
      while (inFlightBytes > settings.maxInFlightBytes() && schedule.isWorking()) {
        mailbox.yield();
      }
    } else if (inFlightBytes > settings.maxInFlightBytes()) {
      throw new SluiceException(
          ErrorCode.SLUICE_LIMIT,
          inFlightBytes + " bytes wait for a DPU",
          "node '" + node.id() + "' in virtual time",
          "send requests further apart in time, add units, or allow more bytes in flight");
    }
  }

  /** A record that comes late, behind the watermark of its time, arrives now. */
  private long timestampOf(StreamRecord<Packet> record) {
    if (!record.hasTimestamp()) {
      throw new IllegalStateException("virtual time needs records with timestamps");
    }
    return Math.max(record.getTimestamp(), playedNs);
  }

  private void admit(Packet packet, long arrivedNs) {
    TensorData value = packet.tensor(node.input());
    int width = node.widthOf(value);
    Packet taken =
        settings.work() == Work.TIMING
            ? packet.without(node.input())
            : packet.with(node.input(), node.modelsByWidth().get(width).input(value));
    Request request = new Request(taken, width, arrivedNs);
    if (isPaced() && inFlightBytes > REFUSAL_FACTOR * settings.maxInFlightBytes()) {
      throw new SluiceException(
          ErrorCode.VART_DPU_ALLOC_ERROR,
          "no unit, and " + inFlightBytes + " bytes wait for one already",
          "node '" + node.id() + "'",
          "send it again when the fleet has units for it");
    }
    inFlightBytes += request.bytes();
    schedule.arrive(node.slotOf(packet), request);
  }

  @Override
  public void processElement2(StreamRecord<LeaseUpdate> record) {
    LeaseUpdate update = record.getValue();
    if (update.slot().node().equals(node.id()) && serves(update.slot().index())) {
      schedule.tell(update, isPaced() ? pacedTime.nowNs() : update.atNs());
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

  /** No more packets and no more updates: what is in flight ends before the task does. */
  @Override
  public void finish() throws Exception {
    while (isPaced() && !schedule.isIdle()) {
      mailbox.yield();
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

  /** Hands on what the schedule says. */
  private final class Outlet implements Device {
    @Override
    public void begun(Batch batch) {
      computing.begin(batch);
    }

    @Override
    public boolean finished(Batch batch) {
      Optional<List<Packet>> results = computing.results(batch);
      if (results.isEmpty()) {
        return false;
      }
      long serviceNs = batch.finishNs() - batch.startNs();
      meters.finished(batch.requests().size(), serviceNs);
      for (int i = 0; i < batch.requests().size(); i++) {
        inFlightBytes -= batch.requests().get(i).bytes();
        Packet result = results.get().get(i);
        emit(
            result.failed()
                ? result
                : ModelledTime.add(result, node.id(), serviceNs / batch.requests().size()),
            batch.finishNs());
      }
      return true;
    }

    @Override
    public void lost(Batch batch) {
      computing.cancel(batch);
      meters.requeued(batch.requests().size());
    }

    @Override
    public void expired(Request request, long atNs, String why) {
      inFlightBytes -= request.bytes();
      meters.expired();
      SluiceException reason =
          new SluiceException(
              ErrorCode.VART_DPU_ALLOC_ERROR,
              "no compute unit for " + settings.maxUnitWait().toMillis() + " ms: " + why,
              "node '" + node.id() + "'",
              "send it again when the fleet has a unit for it");
      emit(request.packet().failed(Failure.of(node.id(), reason)), atNs);
    }

    private void emit(Packet packet, long atNs) {
      if (packet.failed()) {
        stageMeters.failed();
      }
      output.collect(isPaced() ? new StreamRecord<>(packet) : new StreamRecord<>(packet, atNs));
    }
  }
}
