package io.sluice.jobs.bench;

import java.io.Serializable;
import java.util.SplittableRandom;

/** When requests come, whatever becomes of those before them. */
interface ArrivalProcess extends Serializable {
  /** Of a whole run, made where it is used. */
  interface Times {
    /** The time of the next request in nanoseconds, not before the last one. */
    long nextNs();
  }

  Times times(SplittableRandom random);

  /** Equal distances. */
  record Constant(double perSecond) implements ArrivalProcess {
    @Override
    public Times times(SplittableRandom random) {
      return new Times() {
        private long made;

        @Override
        public long nextNs() {
          return Math.round(made++ * 1e9 / perSecond);
        }
      };
    }
  }

  /** Independent requests: exponential distances. */
  record Poisson(double perSecond) implements ArrivalProcess {
    @Override
    public Times times(SplittableRandom random) {
      return new Times() {
        private double nowNs;

        @Override
        public long nextNs() {
          nowNs += exponential(random, 1e9 / perSecond);
          return Math.round(nowNs);
        }
      };
    }
  }

  /**
   * Bursts of 10 ms on average at four times the mean rate, and between them 40 ms on average at a
   * quarter of it, both exponential: a Markov-modulated Poisson process of two states.
   */
  record Bursty(double perSecond) implements ArrivalProcess {
    private static final double BURST_NS = 10e6;
    private static final double QUIET_NS = 40e6;
    private static final double MORE = 4;

    @Override
    public Times times(SplittableRandom random) {
      return new Times() {
        private boolean burst;
        private double nowNs;
        private double changesNs = exponential(random, QUIET_NS);

        @Override
        public long nextNs() {
          while (true) {
            double rate = burst ? perSecond * MORE : perSecond / MORE;
            double nextNs = nowNs + exponential(random, 1e9 / rate);
            if (nextNs <= changesNs) {
              nowNs = nextNs;
              return Math.round(nowNs);
            }
            nowNs = changesNs;
            burst = !burst;
            changesNs += exponential(random, burst ? BURST_NS : QUIET_NS);
          }
        }
      };
    }
  }

  /** As they came once. */
  record Replay(long[] atNs) implements ArrivalProcess {
    @Override
    public Times times(SplittableRandom random) {
      return new Times() {
        private int next;

        @Override
        public long nextNs() {
          return atNs[next++];
        }
      };
    }
  }

  private static double exponential(SplittableRandom random, double mean) {
    return -StrictMath.log1p(-random.nextDouble()) * mean;
  }
}
