package io.sluice.flink.dpu;

import java.util.PriorityQueue;

/** Mean waits of queues with Poisson arrivals and a fixed service time, in service times. */
final class QueueingTheory {
  private static final double NEGLIGIBLE = 1e-12;

  private QueueingTheory() {}

  /**
   * M/D/1 by the formula of Pollaczek and Khinchine: load / (2 (1 - load)).
   *
   * @param load part of the time that the server is busy
   */
  static double meanWaitOfOne(double load) {
    return load / (2 * (1 - load));
  }

  /**
   * M/D/c by Crommelin (Delay probability formulae, 1933): the sum over i = 1, 2, ... of P(N >= ic)
   * - (c / a) P(N > ic), where N is Poisson distributed with mean ia and a = c load.
   *
   * @param load part of the time that each of the servers is busy
   */
  static double meanWaitOfSeveral(int servers, double load) {
    double offered = servers * load;
    double sum = 0;
    for (int i = 1; ; i++) {
      int from = i * servers;
      double atLeast = poissonTail(from, i * offered);
      double more = atLeast - poisson(from, i * offered);
      double term = atLeast - more / load;
      sum += term;
      if (Math.abs(term) < NEGLIGIBLE) {
        return sum;
      }
    }
  }

  /** P(N >= from) for a mean below {@code from}. */
  private static double poissonTail(int from, double mean) {
    double sum = 0;
    double term = poisson(from, mean);
    for (int n = from; term > NEGLIGIBLE * NEGLIGIBLE; n++) {
      sum += term;
      term *= mean / (n + 1);
    }
    return sum;
  }

  private static double poisson(int n, double mean) {
    return Math.exp(n * Math.log(mean) - mean - logFactorial(n));
  }

  private static double logFactorial(int n) {
    double sum = 0;
    for (int i = 2; i <= n; i++) {
      sum += Math.log(i);
    }
    return sum;
  }

  /**
   * The wait of each request by the recursion of Kiefer and Wolfowitz, which for one server is
   * Lindley's: it begins when it comes or when the first server is free, whichever is later.
   */
  static long[] waits(long[] arrivalsNs, int servers, long serviceNs) {
    PriorityQueue<Long> freeNs = new PriorityQueue<>();
    for (int i = 0; i < servers; i++) {
      freeNs.add(0L);
    }
    long[] waits = new long[arrivalsNs.length];
    for (int i = 0; i < waits.length; i++) {
      long beginNs = Math.max(arrivalsNs[i], freeNs.remove());
      waits[i] = beginNs - arrivalsNs[i];
      freeNs.add(beginNs + serviceNs);
    }
    return waits;
  }
}
