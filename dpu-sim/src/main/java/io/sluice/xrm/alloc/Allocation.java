package io.sluice.xrm.alloc;

import java.util.List;
import java.util.Objects;

/**
 * What a client holds under one service id.
 *
 * @param id who holds it, which service, in which epoch
 * @param grantedAtNs when
 * @param termNs for how long it is good unless renewed; {@link #UNTIL_RELEASED} for ever
 * @param expiresAtNs when it ends unless renewed
 * @param channels in the order of the request
 */
public record Allocation(
    LeaseId id, long grantedAtNs, long termNs, long expiresAtNs, List<Channel> channels) {
  /** A term without end. */
  public static final long UNTIL_RELEASED = Long.MAX_VALUE;

  public Allocation {
    Objects.requireNonNull(id, "id");
    channels = List.copyOf(channels);
  }

  /** The end of a term that begins now. */
  static long end(long nowNs, long termNs) {
    return termNs > UNTIL_RELEASED - nowNs ? UNTIL_RELEASED : nowNs + termNs;
  }

  /** The part of it on units that a selector matches. */
  public Allocation only(Selector selector) {
    List<Channel> some =
        channels.stream().filter(c -> selector.matches(c.spec(), c.imageUuid())).toList();
    return new Allocation(id, grantedAtNs, termNs, expiresAtNs, some);
  }

  /** Its load, over all units, in millionths. */
  public long load() {
    return channels.stream().mapToLong(Channel::load).sum();
  }
}
