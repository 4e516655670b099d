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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Asks a resource manager that jobs share for a unit for each slot of a job, renews what the slots
 * hold, and tells them what the manager says, for parallelism 1. The input has all replies of the
 * manager as they come; requests are the side output {@link LeaseClient#REQUESTS}.
 *
 * <p>Without state: the request of a slot has the slot as its id, so a job that is restored asks
 * again and is told what it holds. What is not answered within a third of the term is asked again.
 * What the manager said before what a slot was told last is stale and dropped.
 */
final class LeaseKeeper extends AbstractStreamOperator<LeaseUpdate>
    implements OneInputStreamOperator<Packet, LeaseUpdate> {
  private static final long serialVersionUID = 1L;
  private static final int RENEWALS_PER_TERM = 3;
  private static final long NS_PER_MS = 1_000_000;

  /** What is known of a slot. */
  private static final class Known {
    final Demand demand;
    LeaseUpdate told;
    long service;
    boolean answered;

    Known(Demand demand) {
      this.demand = demand;
    }
  }

  private final ClientSettings settings;
  private final ArrayList<Demand> demands;

  private transient Map<String, Known> slots;
  private transient Wire<ManagerRequest> requests;
  private transient Wire<ManagerReply> replies;
  private transient long renewals;

  LeaseKeeper(ClientSettings settings, List<Demand> demands) {
    this.settings = settings;
    this.demands = new ArrayList<>(demands);
  }

  @Override
  public void open() throws Exception {
    super.open();
    requests = Wire.managerRequests();
    replies = Wire.managerReplies();
    slots = new LinkedHashMap<>();
    demands.forEach(demand -> slots.put(demand.slot().toString(), new Known(demand)));
    getProcessingTimeService().registerTimer(nowMs(), this::work);
  }

  private long nowMs() {
    return getProcessingTimeService().getCurrentProcessingTime();
  }

  /** Renews, asks for what was not answered, and has itself called again. */
  private void work(long atMs) {
    send(request("renew-" + renewals++, FleetBroker.RENEW).build());
    slots.forEach(
        (id, known) -> {
          if (!known.answered) {
            ask(id, known);
          }
        });
    getProcessingTimeService()
        .registerTimer(nowMs() + settings.termMillis() / RENEWALS_PER_TERM, this::work);
  }

  private void ask(String id, Known known) {
    send(
        request(id, FleetBroker.ALLOC)
            .setUnits(
                List.of(
                    UnitWish.newBuilder()
                        .setFingerprint(known.demand.fingerprint().value())
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
    Known known = slots.get(reply.getRequestId());
    if (known != null) {
      hear(known, reply);
    }
  }

  /** The manager has dropped what it does not list, so that is asked for anew. */
  private void checkHeld(ManagerReply renewed) {
    slots.forEach(
        (id, known) -> {
          boolean gone = known.service != 0 && !renewed.getServices().contains(known.service);
          if (gone && isNews(known, renewed)) {
            tell(known, renewed, Optional.empty(), false, "the manager knows the grant no more");
            known.service = 0;
            known.answered = false;
            ask(id, known);
          }
        });
  }

  private static boolean isNews(Known known, ManagerReply reply) {
    return known.told == null
        || reply.getEpoch() > known.told.epoch()
        || (reply.getEpoch() == known.told.epoch() && reply.getSequence() > known.told.sequence());
  }

  private void hear(Known known, ManagerReply reply) {
    if (!isNews(known, reply)) {
      return;
    }
    known.answered = true;
    switch (reply.getStatus()) {
      case Replies.OK, Replies.CHANGED -> {
        known.service = reply.getService();
        tell(known, reply, Optional.of(lease(reply)), reply.getWorkLost(), "granted");
      }
      case Replies.REVOKED -> {
        known.service = 0;
        tell(known, reply, Optional.empty(), true, "revoked: ");
        known.answered = false;
        ask(known.demand.slot().toString(), known);
      }
      default -> {
        known.service = 0;
        tell(known, reply, Optional.empty(), reply.getWorkLost(), reply.getStatus() + ": ");
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
      Known known, ManagerReply reply, Optional<Lease> lease, boolean workLost, String what) {
    LeaseUpdate update =
        new LeaseUpdate(
            known.demand.slot(),
            reply.getEpoch(),
            reply.getSequence(),
            nowMs() * NS_PER_MS,
            lease,
            workLost && known.told != null && known.told.lease().isPresent(),
            what + reply.getDetail());
    known.told = update;
    output.collect(new StreamRecord<>(update));
  }
}
