package io.sluice.xrm.alloc;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How the tenants stand to each other: use, load times time, for each unit of weight. The one that
 * stands lowest goes next.
 *
 * <p>This is start-time fair queueing (Goyal, Vin and Cheng, 1996) with use that is measured as it
 * happens, since nobody knows beforehand how long a lease will be held; what is held now counts for
 * {@link FairShares#aheadNs} more. A tenant that wanted nothing for a while does not save up what
 * it did not use: when it begins to wait it stands as the lowest of those that wait for what it
 * could use, and when there are none, as the highest of all.
 */
final class Standing {
  private record Turn(Backlog backlog, double use) {}

  private final Allocator allocator;
  private final FairShares shares;
  private final Map<String, Backlog> tenants = new TreeMap<>();

  Standing(Allocator allocator, FairShares shares) {
    this.allocator = allocator;
    this.shares = shares;
  }

  Backlog backlog(String tenant) {
    Backlog known = tenants.get(tenant);
    if (known == null) {
      tenants.values().removeIf(b -> b.isEmpty() && !allocator.hasTenant(b.tenant));
      known = new Backlog(tenant);
      tenants.put(tenant, known);
    }
    return known;
  }

  /** In the order of their names. */
  Collection<Backlog> all() {
    return tenants.values();
  }

  /** A tenant that does not wait begins to. */
  void begins(Backlog backlog, Request request, long atNs) {
    double start =
        tenants.values().stream()
            .filter(b -> b.requests().stream().anyMatch(r -> Overlap.between(r, request)))
            .mapToDouble(b -> had(b, atNs))
            .min()
            .orElseGet(
                () -> tenants.values().stream().mapToDouble(b -> had(b, atNs)).max().orElse(0));
    double missing = start - had(backlog, atNs);
    backlog.forgone += Math.max(0, missing) * shares.weight(backlog.tenant);
  }

  /** What a tenant has had for each unit of its weight. */
  private double had(Backlog backlog, long atNs) {
    double used = allocator.account(backlog.tenant).used(atNs) + backlog.forgone;
    return used / shares.weight(backlog.tenant);
  }

  /** The same, with what it has now and so many millionths more. */
  private double withMore(Backlog backlog, long more, long atNs) {
    double ahead = (double) (allocator.account(backlog.tenant).held() + more) * shares.aheadNs();
    return had(backlog, atNs) + ahead / shares.weight(backlog.tenant);
  }

  /** Those that wait, the lowest first; of equals the first by name. */
  List<Backlog> inTurn(long atNs) {
    return tenants.values().stream()
        .filter(backlog -> !backlog.isEmpty())
        .map(backlog -> new Turn(backlog, withMore(backlog, 0, atNs)))
        .sorted(Comparator.comparingDouble(Turn::use))
        .map(Turn::backlog)
        .toList();
  }

  /**
   * Whether a tenant would still not stand below another one if it gave this up, in millionths, and
   * the other one got what it waits for.
   */
  boolean hasMore(Backlog one, long givenUp, Backlog other, long wanted, long atNs) {
    return withMore(one, -givenUp, atNs) >= withMore(other, wanted, atNs);
  }
}
