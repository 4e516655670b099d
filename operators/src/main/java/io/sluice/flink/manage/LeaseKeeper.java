package io.sluice.flink.manage;

import io.sluice.error.SluiceException;
import io.sluice.flink.Packet;
import io.sluice.flink.wire.Wire;
import io.sluice.schemas.ManagerReply;
import io.sluice.schemas.ManagerRequest;
import io.sluice.schemas.UnitGrant;
import io.sluice.schemas.UnitWish;
import io.sluice.xrm.Demand;
import io.sluice.xrm.Lease;
import io.sluice.xrm.LeaseUpdate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Asks a resource manager that jobs share for a unit for each slot of a job, renews what the slots
 * hold, and tells them what the manager says, for parallelism 1. The input has all replies of the
 * manager as they come; requests are the side output {@link LeaseClient#REQUESTS}.
 *
 * <p>What is not answered within a third of the term is asked again; what was refused, or ended
 * while it waited, is asked anew as often, until it is granted. What the manager said before what a
 * slot was told last is stale and dropped. The nodes of the job take turns to ask: where the fleet
 * is too small, what was asked for first is given up first, and no node is to give up all. What the
 * manager has on the job's account and no slot knows of is given back.
 *
 * <p>The state is how many requests of each slot have ended, which names the one that counts: a job
 * that is restored asks it again and is told what it holds.
 */
final class LeaseKeeper extends AbstractStreamOperator<LeaseUpdate>
    implements OneInputStreamOperator<Packet, LeaseUpdate> {
  private static final long serialVersionUID = 1L;
  private static final int RENEWALS_PER_TERM = 3;
  private static final long NS_PER_MS = 1_000_000;

  private final ClientSettings settings;
  private final ArrayList<Demand> demands;

  private transient List<WantedUnit> units;
  private transient ListState<Tuple2<String, Integer>> saved;
  private transient Wire<ManagerRequest> requests;
  private transient Wire<ManagerReply> replies;
  private transient long renewals;

  LeaseKeeper(ClientSettings settings, List<Demand> demands) {
    this.settings = settings;
    this.demands = new ArrayList<>(demands);
    this.demands.sort(Comparator.comparingInt(demand -> demand.slot().index()));
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    saved =
        context
            .getOperatorStateStore()
            .getListState(
                new ListStateDescriptor<>("ended-requests", Types.TUPLE(Types.STRING, Types.INT)));
    Map<String, Integer> ended = new HashMap<>();
    saved.get().forEach(slot -> ended.put(slot.f0, slot.f1));
    units = new ArrayList<>();
    for (Demand demand : demands) {
      units.add(new WantedUnit(demand, ended.getOrDefault(demand.slot().toString(), 0)));
    }
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    List<Tuple2<String, Integer>> ended = new ArrayList<>();
    units.forEach(unit -> ended.add(Tuple2.of(unit.demand().slot().toString(), unit.ended())));
    saved.update(ended);
  }

  @Override
  public void open() throws Exception {
    super.open();
    requests = Wire.managerRequests();
    replies = Wire.managerReplies();
    getProcessingTimeService().registerTimer(nowMs(), this::work);
  }

  private long nowMs() {
    return getProcessingTimeService().getCurrentProcessingTime();
  }

  /** Renews, asks for what is due, and has itself called again. */
  private void work(long atMs) {
    send(request("renew-" + renewals++, FleetBroker.RENEW).build());
    units.stream().filter(WantedUnit::isDue).forEach(this::ask);
    getProcessingTimeService()
        .registerTimer(nowMs() + settings.termMillis() / RENEWALS_PER_TERM, this::work);
  }

  private void ask(WantedUnit unit) {
    unit.asked();
    send(
        request(unit.requestId(), FleetBroker.ALLOC)
            .setUnits(
                List.of(
                    UnitWish.newBuilder()
                        .setFingerprint(unit.demand().fingerprint().value())
                        .setMillionths(Lease.WHOLE_UNIT)
                        .build()))
            .setTermMillis(settings.termMillis())
            .setTimeoutMillis(-1)
            .build());
  }

  private ManagerRequest.Builder request(String id, String name) {
    return ManagerRequest.newBuilder()
        .setRequestId(id)
        .setClient(settings.client())
        .setTenant(settings.tenant())
        .setUnits(List.of())
        .setName(name);
  }

  private void send(ManagerRequest request) {
    output.collect(
        LeaseClient.REQUESTS,
        new StreamRecord<>(Tuple2.of(request.getClient(), requests.encode(request))));
  }

  @Override
  public void processElement(StreamRecord<Packet> record) {
    Packet packet = record.getValue();
    if (!packet.has(Packet.RECORD)) {
      return;
    }
    ManagerReply reply;
    try {
      reply = replies.decode(packet.tensor(Packet.RECORD).array(), packet.origin().position());
    } catch (SluiceException e) {
      LOG.warn("a reply of the resource manager is left out: {}", e.getMessage());
      return;
    }
    if (!reply.getClient().equals(settings.client())) {
      return;
    }
    if (reply.getName().equals(FleetBroker.RENEW)) {
      checkHeld(reply);
      return;
    }
    units.stream()
        .filter(unit -> unit.requestId().equals(reply.getRequestId()) && unit.isNews(reply))
        .findFirst()
        .ifPresent(unit -> hear(unit, reply));
  }

  /** The manager has dropped what it does not list; what only it knows of is given back. */
  private void checkHeld(ManagerReply renewed) {
    List<Long> held = renewed.getServices();
    for (WantedUnit unit : units) {
      if (unit.service() != 0 && !held.contains(unit.service()) && unit.isNews(renewed)) {
        tell(unit, renewed, Optional.empty(), false, "the manager knows the grant no more");
        unit.end();
        ask(unit);
      }
    }
    if (units.stream().allMatch(unit -> !unit.isPending() && unit.isNews(renewed))) {
      List<Long> known = units.stream().map(WantedUnit::service).toList();
      held.stream()
          .filter(service -> !known.contains(service))
          .forEach(service -> giveBack(service, renewed.getEpoch()));
    }
  }

  private void giveBack(long service, long epoch) {
    send(
        request("release-" + epoch + "-" + service, FleetBroker.RELEASE)
            .setService(service)
            .setEpoch(epoch)
            .build());
  }

  private void hear(WantedUnit unit, ManagerReply reply) {
    unit.answered();
    switch (reply.getStatus()) {
      case Replies.OK, Replies.CHANGED -> {
        unit.serves(reply.getService());
        tell(unit, reply, Optional.of(lease(reply)), reply.getWorkLost(), "granted");
      }
      case Replies.WAITING -> {
        unit.serves(0);
        tell(unit, reply, Optional.empty(), reply.getWorkLost(), "waiting: ");
      }
      default -> {
        boolean wasHeld = unit.isHeld();
        tell(unit, reply, Optional.empty(), true, reply.getStatus() + ": ");
        unit.end();
        if (wasHeld) {
          ask(unit);
        }
      }
    }
  }

  private static Lease lease(ManagerReply reply) {
    UnitGrant unit = reply.getUnits().get(0);
    return new Lease(
        unit.getCard() + "/dpu" + unit.getCu(),
        unit.getCard(),
        unit.getPlatform(),
        unit.getMillionths(),
        unit.getSlowFactor());
  }

  private void tell(
      WantedUnit unit, ManagerReply reply, Optional<Lease> lease, boolean workLost, String what) {
    LeaseUpdate update =
        new LeaseUpdate(
            unit.demand().slot(),
            reply.getEpoch(),
            reply.getSequence(),
            nowMs() * NS_PER_MS,
            lease,
            workLost && unit.isHeld(),
            what + reply.getDetail());
    unit.tell(update);
    output.collect(new StreamRecord<>(update));
  }
}
