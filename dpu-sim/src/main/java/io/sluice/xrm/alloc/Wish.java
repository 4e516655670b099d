package io.sluice.xrm.alloc;

import java.util.Objects;

/**
 * A request that may wait.
 *
 * @param client for whom; its tenant pays
 * @param request what it wants
 * @param priority among the wishes of its tenant, the highest first
 * @param termNs for how long the lease is good unless renewed
 * @param timeoutNs how long it waits, 0 for not at all; {@link Allocation#UNTIL_RELEASED} for ever
 */
public record Wish(long client, Request request, int priority, long termNs, long timeoutNs) {
  public Wish {
    Objects.requireNonNull(request, "request");
    if (termNs < 1 || timeoutNs < 0) {
      throw new IllegalArgumentException("term " + termNs + " ns, timeout " + timeoutNs + " ns");
    }
  }
}
