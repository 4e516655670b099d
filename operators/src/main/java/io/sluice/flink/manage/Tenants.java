package io.sluice.flink.manage;

import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who uses how much of the fleet. The tenant that goes next is the one with the least load in use
 * over its share; of several the one that has had the least over time, counted since it has been
 * here without a break. A tenant that comes begins with what the one that had least has had, so
 * nobody saves up.
 */
final class Tenants {
  private static final class Account {
    final int share;
    long usedMillionths;
    int waiting;
    double had;

    Account(int share, double had) {
      this.share = share;
      this.had = had;
    }

    double rate() {
      return (double) usedMillionths / share;
    }
  }

  private final Map<String, Integer> shares;
  private final TreeMap<String, Account> accounts = new TreeMap<>();
  private long nowNs;

  Tenants(Map<String, Integer> shares, long nowNs) {
    this.shares = shares;
    this.nowNs = nowNs;
  }

  private Account account(String tenant) {
    return accounts.computeIfAbsent(
        tenant,
        name -> {
          double least = accounts.values().stream().mapToDouble(a -> a.had).min().orElse(0);
          return new Account(shares.getOrDefault(name, 1), least);
        });
  }

  void proceedTo(long atNs) {
    double passed = atNs - nowNs;
    accounts.values().forEach(account -> account.had += account.rate() * passed);
    nowNs = atNs;
  }

  /** A request of a tenant begins to wait, or ends to. */
  void waits(String tenant, int more) {
    account(tenant).waiting += more;
    forget(tenant);
  }

  /** A tenant has more load in use, or less. */
  void uses(String tenant, long moreMillionths) {
    account(tenant).usedMillionths += moreMillionths;
    forget(tenant);
  }

  private void forget(String tenant) {
    Account account = accounts.get(tenant);
    if (account.waiting == 0 && account.usedMillionths == 0) {
      accounts.remove(tenant);
    }
  }

  /** Who is served first. */
  Comparator<String> order() {
    return Comparator.<String>comparingDouble(tenant -> account(tenant).rate())
        .thenComparingDouble(tenant -> account(tenant).had)
        .thenComparing(Comparator.naturalOrder());
  }

  /**
   * Whether a tenant would still have more than another one, for its share, if it gave this load to
   * it: then the other one should have it.
   */
  boolean shouldYield(String tenant, String other, long millionths) {
    Account from = account(tenant);
    Account to = account(other);
    return (double) (from.usedMillionths - millionths) / from.share
        >= (double) (to.usedMillionths + millionths) / to.share;
  }
}
