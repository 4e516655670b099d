package io.sluice.flink.manage;

import io.sluice.error.ErrorCode;
import io.sluice.schemas.ManagerReply;
import io.sluice.schemas.ManagerRequest;
import io.sluice.schemas.UnitGrant;
import io.sluice.xrm.alloc.Allocation;
import io.sluice.xrm.alloc.Channel;
import io.sluice.xrm.alloc.Reason;
import io.sluice.xrm.alloc.Reply;
import java.util.List;

/** Makes what clients are told, numbered within the epoch. */
final class Replies {
  static final String OK = "ok";
  static final String FAILED = "failed";
  static final String WAITING = "waiting";
  static final String CHANGED = "changed";
  static final String REVOKED = "revoked";

  private static final long NS_PER_MS = 1_000_000;

  private final Cards cards;
  private final long epoch;
  private long sequence;

  Replies(Cards cards, long epoch) {
    this.cards = cards;
    this.epoch = epoch;
  }

  /** Lists of records are always given: Avro would look the class of a default up by its name. */
  private ManagerReply.Builder to(ManagerRequest request, String status) {
    return ManagerReply.newBuilder()
        .setRequestId(request.getRequestId())
        .setClient(request.getClient())
        .setName(request.getName())
        .setStatus(status)
        .setUnits(List.of())
        .setEpoch(epoch)
        .setSequence(sequence++);
  }

  ManagerReply ok(ManagerRequest request) {
    return to(request, OK).build();
  }

  ManagerReply data(ManagerRequest request, String json) {
    return to(request, OK).setData(json).build();
  }

  ManagerReply services(ManagerRequest request, List<Long> services) {
    return to(request, OK).setServices(services).build();
  }

  /** What was said before to a request that came again. */
  ManagerReply again(ManagerRequest request, ManagerReply before) {
    return to(request, before.getStatus())
        .setCode(before.getCode())
        .setError(before.getError())
        .setReason(before.getReason())
        .setDetail(before.getDetail())
        .build();
  }

  ManagerReply failed(ManagerRequest request, ErrorCode error, Reason reason, String detail) {
    return to(request, FAILED)
        .setCode(error.number().orElse(-1))
        .setError(error.name())
        .setReason(reason.name())
        .setDetail(detail)
        .build();
  }

  ManagerReply failed(ManagerRequest request, Reply<?> refusal) {
    return failed(request, refusal.error().orElseThrow(), refusal.reason(), refusal.detail());
  }

  /**
   * What a ticket holds.
   *
   * @param status {@link #OK} as the answer, {@link #CHANGED} as news
   */
  ManagerReply granted(
      Ticket ticket, Allocation held, String status, boolean workLost, String why) {
    return to(ticket.asked, status)
        .setService(held.id().service())
        .setTermMillis(ticket.termNs == Ticket.FOR_EVER ? -1 : ticket.termNs / NS_PER_MS)
        .setWorkLost(workLost)
        .setDetail(why)
        .setUnits(held.channels().stream().map(this::unit).toList())
        .build();
  }

  private UnitGrant unit(Channel channel) {
    return UnitGrant.newBuilder()
        .setDevice(channel.device())
        .setCard(channel.deviceName())
        .setPlatform(cards.card(channel.device()).platform().name())
        .setCu(channel.unit())
        .setCuName(channel.spec().name())
        .setChannel(channel.channel())
        .setMillionths(channel.load())
        .setSlowFactor(cards.state(channel.device()).slowFactor())
        .build();
  }

  /** A ticket holds nothing and waits. */
  ManagerReply waiting(Ticket ticket, boolean workLost, String why) {
    return to(ticket.asked, WAITING).setWorkLost(workLost).setDetail(why).build();
  }

  /** What a ticket held has ended, and it does not wait. */
  ManagerReply revoked(Ticket ticket, Reason reason, String why) {
    return to(ticket.asked, REVOKED).setReason(reason.name()).setDetail(why).build();
  }
}
