package io.sluice.flink.manage;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.fleet.Fleet;
import io.sluice.flink.Failure;
import io.sluice.flink.Packet;
import io.sluice.flink.request.DeadLetters;
import io.sluice.flink.wire.Wire;
import io.sluice.flink.xrm.ControlRecord;
import io.sluice.schemas.DeadLetter;
import io.sluice.schemas.ManagerReply;
import io.sluice.schemas.ManagerRequest;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Runs the {@link FleetBroker} of a fleet in the machine's time, for parallelism 1. The first input
 * has encoded requests, the second what befalls the cards. It gives encoded replies by client; what
 * cannot be read, and an event that cannot be, becomes a dead letter. When the operator is restored
 * it says first, in a new epoch, what every client holds. Without state its first epoch is the
 * time, so that it is later than those of a manager before it.
 */
final class ManagerOperator extends AbstractStreamOperator<Tuple2<String, byte[]>>
    implements TwoInputStreamOperator<Packet, ControlRecord, Tuple2<String, byte[]>> {
  private static final long serialVersionUID = 1L;
  private static final String STAGE = "resource-manager";
  private static final int MAX_REQUEST_BYTES = 1 << 20;
  private static final long NS_PER_MS = 1_000_000;

  private final Fleet fleet;
  private final BrokerSettings settings;

  private transient ListState<byte[]> saved;
  private transient FleetBroker broker;
  private transient Wire<ManagerRequest> requests;
  private transient Wire<ManagerReply> replies;
  private transient Wire<DeadLetter> deadLetters;
  private transient long alarmMs;

  ManagerOperator(Fleet fleet, BrokerSettings settings) {
    this.fleet = fleet;
    this.settings = settings;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    saved =
        context
            .getOperatorStateStore()
            .getListState(
                new ListStateDescriptor<>(
                    "broker", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
  }

  @Override
  public void open() throws Exception {
    super.open();
    requests = Wire.managerRequests();
    replies = Wire.managerReplies();
    deadLetters = Wire.deadLetters();
    alarmMs = Long.MAX_VALUE;
    Iterator<byte[]> restored = saved.get().iterator();
    if (restored.hasNext()) {
      broker = FleetBroker.restore(fleet, settings, restored.next(), nowNs());
      say(broker.regrant());
    } else {
      long nowMs = getProcessingTimeService().getCurrentProcessingTime();
      broker = new FleetBroker(fleet, settings, Math.max(1, nowMs));
    }
    getMetricGroup().gauge("grants", broker::held);
    getMetricGroup().gauge("waiting", broker::waiting);
  }

  private long nowNs() {
    return getProcessingTimeService().getCurrentProcessingTime() * NS_PER_MS;
  }

  @Override
  public void processElement1(StreamRecord<Packet> record) {
    Packet packet = record.getValue();
    ManagerRequest request;
    try {
      request = decode(packet);
    } catch (SluiceException e) {
      refuse(packet, e);
      return;
    }
    say(broker.ask(nowNs(), request));
  }

  private ManagerRequest decode(Packet packet) {
    String place = packet.origin().position();
    byte[] bytes = packet.has(Packet.RECORD) ? packet.tensor(Packet.RECORD).array() : new byte[0];
    if (bytes.length > MAX_REQUEST_BYTES) {
      throw new SluiceException(
          ErrorCode.SLUICE_LIMIT, bytes.length + " bytes", place, "ask for fewer units at a time");
    }
    ManagerRequest request = requests.decode(bytes, place);
    if (request.getRequestId().isEmpty() || request.getClient().isEmpty()) {
      throw new SluiceException(
          ErrorCode.SLUICE_REQUEST_INVALID,
          "a request without an id or a client, so nobody can be answered",
          place,
          "give both");
    }
    return request;
  }

  @Override
  public void processElement2(StreamRecord<ControlRecord> record) {
    if (record.getValue() instanceof ControlRecord.Fault fault) {
      try {
        say(broker.befall(nowNs(), fault.event()));
      } catch (SluiceException e) {
        LOG.warn("an event of the fleet file is left out: {}", e.getMessage());
      }
    }
  }

  private void refuse(Packet packet, SluiceException why) {
    DeadLetter letter = DeadLetters.of(packet.failed(Failure.of(STAGE, why)), "");
    output.collect(
        ManagerStage.DEAD_LETTERS,
        new StreamRecord<>(Tuple2.of(letter.getRequestId(), deadLetters.encode(letter))));
  }

  private void say(List<ManagerReply> said) {
    for (ManagerReply reply : said) {
      output.collect(new StreamRecord<>(Tuple2.of(reply.getClient(), replies.encode(reply))));
    }
    setAlarm();
  }

  private void setAlarm() {
    OptionalLong next = broker.nextNs();
    if (next.isPresent()) {
      long atMs = next.getAsLong() / NS_PER_MS + 1;
      if (atMs < alarmMs) {
        alarmMs = atMs;
        getProcessingTimeService().registerTimer(atMs, this::alarm);
      }
    }
  }

  private void alarm(long atMs) {
    alarmMs = Long.MAX_VALUE;
    say(broker.proceedTo(nowNs()));
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    saved.update(List.of(broker.state()));
  }
}
