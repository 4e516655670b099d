package io.sluice.xrm.alloc;

import java.util.List;
import java.util.Objects;

/**
 * All that a {@link WaitingRoom} remembers beside its allocator.
 *
 * @param lastTicket the ticket given last
 * @param tenants in the order of their names
 * @param tickets those that wait, in their order
 */
public record WaitingRoomState(
    long lastTicket, List<TenantEntry> tenants, List<TicketEntry> tickets) {
  public WaitingRoomState {
    tenants = List.copyOf(tenants);
    tickets = List.copyOf(tickets);
  }

  /**
   * The use, in millionths times nanoseconds, that a tenant did not have while it wanted nothing.
   */
  public record TenantEntry(String tenant, double forgone) {
    public TenantEntry {
      Objects.requireNonNull(tenant, "tenant");
    }
  }

  /**
   * A wish that waits.
   *
   * @param sinceNs since when
   * @param passedSinceNs since when others go before it although it is its turn; -1 for not at all
   */
  public record TicketEntry(long ticket, Wish wish, long sinceNs, long passedSinceNs) {
    public TicketEntry {
      Objects.requireNonNull(wish, "wish");
    }
  }
}
