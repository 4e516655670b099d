package io.sluice.dispatch;

import java.util.Arrays;

/**
 * Queues of requests, one for each unit and network, in linked lists and heaps through flat arrays.
 * Requests have numbers that are given again when they are done.
 *
 * <p>By arrival a queue is a list. By deadline it is a pairing heap (Fredman et al., 1986): the
 * earliest first, of equal ones who was added first; adding costs a constant, taking the logarithm
 * of the queue's length on average.
 */
final class WaitQueues {
  private static final int NONE = -1;

  private final boolean byDeadline;
  private final int[] head;
  private final int[] tail;
  private int[] next = {};
  private int[] child = {};
  private long[] deadline = {};
  private long[] serial = {};
  private long added;

  WaitQueues(int queues, boolean byDeadline) {
    this.byDeadline = byDeadline;
    head = new int[queues];
    tail = new int[queues];
    Arrays.fill(head, NONE);
    Arrays.fill(tail, NONE);
  }

  /** The first request, -1 if none waits. */
  int first(int queue) {
    return head[queue];
  }

  /** Whether the first request of a queue goes before that of another; both have one. */
  boolean isBefore(int queue, int other) {
    return comesBefore(head[queue], head[other]);
  }

  void add(int queue, int request, long deadlineNs) {
    grow(request);
    next[request] = NONE;
    child[request] = NONE;
    deadline[request] = byDeadline ? deadlineNs : 0;
    serial[request] = added++;
    if (byDeadline) {
      head[queue] = merge(head[queue], request);
    } else if (head[queue] == NONE) {
      head[queue] = request;
      tail[queue] = request;
    } else {
      next[tail[queue]] = request;
      tail[queue] = request;
    }
  }

  /** Takes the first request out; there is one. */
  int take(int queue) {
    int first = head[queue];
    head[queue] = byDeadline ? mergePairs(child[first]) : next[first];
    return first;
  }

  void clear(int queue) {
    head[queue] = NONE;
  }

  private boolean comesBefore(int a, int b) {
    return deadline[a] < deadline[b] || (deadline[a] == deadline[b] && serial[a] < serial[b]);
  }

  private int merge(int a, int b) {
    if (a == NONE || b == NONE) {
      return a == NONE ? b : a;
    }
    int first = comesBefore(a, b) ? a : b;
    int second = first == a ? b : a;
    next[second] = child[first];
    child[first] = second;
    return first;
  }

  private int mergePairs(int siblings) {
    int merged = NONE;
    for (int at = siblings; at != NONE; ) {
      int a = at;
      int b = next[a];
      at = b == NONE ? NONE : next[b];
      next[a] = NONE;
      int pair = a;
      if (b != NONE) {
        next[b] = NONE;
        pair = merge(a, b);
      }
      next[pair] = merged;
      merged = pair;
    }
    int root = NONE;
    while (merged != NONE) {
      int following = next[merged];
      next[merged] = NONE;
      root = merge(root, merged);
      merged = following;
    }
    return root;
  }

  private void grow(int request) {
    if (request >= next.length) {
      int length = Math.max(64, 2 * request);
      next = Arrays.copyOf(next, length);
      child = Arrays.copyOf(child, length);
      deadline = Arrays.copyOf(deadline, length);
      serial = Arrays.copyOf(serial, length);
    }
  }
}
