package io.sluice.dispatch;

import java.util.Arrays;

/**
 * The requests that a dispatcher has not ended, in flat arrays by a number that is given again. A
 * stamp that grows whenever a request is sent, parked or given back tells events that are no longer
 * true from those that are.
 */
final class Requests {
  static final int NOWHERE = -1;

  long[] id = {};
  int[] network = {};
  int[] unit = {};
  int[] losses = {};
  int[] stamp = {};
  boolean[] sentAgain = {};
  long[] arrivedNs = {};
  long[] deadlineNs = {};
  long[] preparedNs = {};
  long[] readyNs = {};

  /** Of a batch that runs: the next request of it. */
  int[] next = {};

  private int[] free = {};
  private int freeCount;
  private int used;

  /** A number for a request; its unit is nowhere. */
  int take() {
    if (freeCount > 0) {
      return free[--freeCount];
    }
    if (used == id.length) {
      grow(Math.max(256, 2 * used));
    }
    unit[used] = NOWHERE;
    return used++;
  }

  void giveBack(int request) {
    unit[request] = NOWHERE;
    stamp[request]++;
    if (freeCount == free.length) {
      free = Arrays.copyOf(free, Math.max(256, 2 * freeCount));
    }
    free[freeCount++] = request;
  }

  /** Numbers are below this. */
  int used() {
    return used;
  }

  private void grow(int length) {
    id = Arrays.copyOf(id, length);
    network = Arrays.copyOf(network, length);
    unit = Arrays.copyOf(unit, length);
    losses = Arrays.copyOf(losses, length);
    stamp = Arrays.copyOf(stamp, length);
    sentAgain = Arrays.copyOf(sentAgain, length);
    arrivedNs = Arrays.copyOf(arrivedNs, length);
    deadlineNs = Arrays.copyOf(deadlineNs, length);
    preparedNs = Arrays.copyOf(preparedNs, length);
    readyNs = Arrays.copyOf(readyNs, length);
    next = Arrays.copyOf(next, length);
  }
}
