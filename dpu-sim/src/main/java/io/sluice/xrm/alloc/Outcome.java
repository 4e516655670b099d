package io.sluice.xrm.alloc;

import java.util.Objects;

/** What became of a ticket of the {@link WaitingRoom}. */
public record Outcome(long ticket, Reply<Allocation> reply) {
  public Outcome {
    Objects.requireNonNull(reply, "reply");
  }
}
