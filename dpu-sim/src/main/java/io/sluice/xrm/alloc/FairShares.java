package io.sluice.xrm.alloc;

import java.util.Map;
import java.util.TreeMap;

/**
 * How the tenants of a fleet share it when they want more than there is.
 *
 * @param weights by tenant, 1 or more; a tenant that is not named has 1
 * @param aheadNs how long a lease is expected to be held: what is held now counts as used for that
 *     long already, so that not all goes to one tenant at the same instant
 * @param patienceNs for how long smaller wishes may overtake one whose turn it is and that does not
 *     fit; then what it could use is kept for it. A part of {@code aheadNs} keeps the shares when
 *     wishes of different sizes mix, and leaves a little idle; more than that leaves nothing idle
 *     and favours whoever has small wishes
 */
public record FairShares(Map<String, Integer> weights, long aheadNs, long patienceNs) {
  private static final long AHEAD_OVER_PATIENCE = 5;

  public FairShares {
    weights = Map.copyOf(weights);
    if (aheadNs < 1 || patienceNs < 0 || weights.values().stream().anyMatch(w -> w < 1)) {
      throw new IllegalArgumentException(
          "weights " + new TreeMap<>(weights) + ", " + aheadNs + " ns, " + patienceNs + " ns");
    }
  }

  /** With a patience of a fifth of the time ahead. */
  public static FairShares of(Map<String, Integer> weights, long aheadNs) {
    return new FairShares(weights, aheadNs, aheadNs / AHEAD_OVER_PATIENCE);
  }

  int weight(String tenant) {
    return weights.getOrDefault(tenant, 1);
  }
}
