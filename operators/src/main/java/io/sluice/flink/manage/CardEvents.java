package io.sluice.flink.manage;

import io.sluice.fleet.FaultEvent;
import io.sluice.schemas.ManagerRequest;
import io.sluice.xrm.alloc.Allocation;
import io.sluice.xrm.alloc.Reason;
import java.util.List;
import java.util.Optional;

/** What befalls the cards, by the fleet's faults or for maintenance, and those who hold them. */
final class CardEvents {
  private final Cards cards;
  private final Grants grants;
  private final Replies replies;
  private final Outbox outbox;

  CardEvents(Cards cards, Grants grants, Replies replies, Outbox outbox) {
    this.cards = cards;
    this.grants = grants;
    this.replies = replies;
    this.outbox = outbox;
  }

  /**
   * Something happens to a card; what was granted there moves.
   *
   * @throws io.sluice.error.SluiceException SLUICE_FLEET_INVALID if it cannot happen to it
   */
  void befall(long atNs, FaultEvent event) {
    String why = "card " + event.card() + ": " + event.kind();
    List<Allocation> concerned = cards.befall(atNs, event);
    switch (event.kind()) {
      case OFFLINE -> concerned.forEach(ended -> grants.displace(ended, true, why));
      case DRAINED -> concerned.forEach(held -> grants.takeBack(held, why));
      case SLOW, RESET ->
          cards
              .on(cards.device(event.card()))
              .forEach(held -> grants.tell(held, event.kind() == FaultEvent.Kind.RESET, why));
      case ONLINE, ADDED -> {}
    }
    grants.serve();
  }

  /** Drains or enables the devices that a request names, one after the other. */
  void maintain(long atNs, ManagerRequest request, FaultEvent.Kind kind) {
    Optional<String> unknown = cards.unknown(request.getDevices());
    if (unknown.isPresent()) {
      outbox.refuse(request, Reason.UNKNOWN, unknown.get());
      return;
    }
    for (int device : request.getDevices()) {
      if (!cards.state(device).allows(kind)) {
        outbox.refuse(
            request, Reason.DISABLED, cards.card(device).id() + " is " + cards.state(device));
        return;
      }
      befall(atNs, new FaultEvent(atNs, cards.card(device).id(), kind, 1));
    }
    outbox.say(replies.ok(request));
  }
}
