package io.sluice.flink.manage;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xrm.alloc.FairShares;
import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a fleet is shared.
 *
 * @param termNs for how long a grant is good unless the request says otherwise, and how long a
 *     client may be silent; in nanoseconds
 * @param shares of tenants, relative to each other, 1 to 1,000,000; who is not listed has 1
 */
public record BrokerSettings(long termNs, Map<String, Integer> shares) implements Serializable {
  private static final long MIN_TERM_NS = 10_000_000L;
  private static final long MAX_TERM_NS = 86_400_000_000_000L;
  private static final int MAX_SHARE = 1_000_000;

  /** Ten seconds, all tenants equal. */
  public static final BrokerSettings STANDARD = new BrokerSettings(10_000_000_000L, Map.of());

  /**
   * @throws SluiceException SLUICE_USAGE for a number out of range
   */
  public BrokerSettings {
    shares = Collections.unmodifiableMap(new TreeMap<>(shares));
    boolean sharesFit = shares.values().stream().allMatch(s -> s >= 1 && s <= MAX_SHARE);
    if (termNs < MIN_TERM_NS || termNs > MAX_TERM_NS || !sharesFit) {
      throw new SluiceException(
          ErrorCode.SLUICE_USAGE,
          "a term of " + termNs / 1e6 + " ms, shares " + shares,
          "settings of the resource manager",
          "use a term of 10 ms to a day, and shares of 1 to " + MAX_SHARE);
    }
  }

  /** For leases that are held for about a term. */
  FairShares fairShares() {
    return FairShares.of(shares, termNs);
  }
}
