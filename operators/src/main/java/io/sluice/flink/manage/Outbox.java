package io.sluice.flink.manage;

import io.sluice.error.ErrorCode;
import io.sluice.schemas.ManagerReply;
import io.sluice.schemas.ManagerRequest;
import io.sluice.xrm.alloc.Reason;
import java.util.ArrayList;
import java.util.List;

/** What the manager says during one call, in its order. */
final class Outbox {
  private final Replies replies;
  private final Clients clients;
  private List<ManagerReply> said = new ArrayList<>();

  Outbox(Replies replies, Clients clients) {
    this.replies = replies;
    this.clients = clients;
  }

  void say(ManagerReply reply) {
    said.add(reply);
  }

  /** Says how a request ended; a client remembers it, for when the request comes again. */
  void finish(ManagerReply reply) {
    clients.find(reply.getClient()).ifPresent(client -> client.remember(reply));
    say(reply);
  }

  void refuse(ManagerRequest request, Reason reason, String detail) {
    finish(replies.failed(request, ErrorCode.XRM_ERROR_INVALID, reason, detail));
  }

  /** All that was said since the last time. */
  List<ManagerReply> take() {
    List<ManagerReply> all = said;
    said = new ArrayList<>();
    return all;
  }
}
