package io.sluice.xrm.alloc;

import java.util.OptionalLong;

/**
 * Keys in their order, each with what is free when it is in use and what is free when it is not.
 * The question that it answers in O(log n) is: which is the first key of those with at least so
 * much free?
 *
 * <p>A treap (Aragon and Seidel, "Randomized search trees", 1989) whose nodes know the most that is
 * free below them. Priorities are a hash of the key, so the same keys make the same tree.
 */
final class FitTree {
  /** Which of the two values of a key counts. */
  enum Pass {
    IN_USE,
    IDLE,
    EITHER
  }

  /** Not to be had at all. */
  static final int NONE = -1;

  private static final class Node {
    final long key;
    final long priority;
    int inUse;
    int idle;
    int mostInUse;
    int mostIdle;
    Node left;
    Node right;

    Node(long key) {
      this.key = key;
      this.priority = mix(key);
    }

    void pull() {
      mostInUse = inUse;
      mostIdle = idle;
      if (left != null) {
        mostInUse = Math.max(mostInUse, left.mostInUse);
        mostIdle = Math.max(mostIdle, left.mostIdle);
      }
      if (right != null) {
        mostInUse = Math.max(mostInUse, right.mostInUse);
        mostIdle = Math.max(mostIdle, right.mostIdle);
      }
    }

    boolean has(Pass pass, int free) {
      return of(pass, inUse, idle) >= free;
    }

    boolean hasBelow(Pass pass, int free) {
      return of(pass, mostInUse, mostIdle) >= free;
    }

    private static int of(Pass pass, int inUse, int idle) {
      return switch (pass) {
        case IN_USE -> inUse;
        case IDLE -> idle;
        case EITHER -> Math.max(inUse, idle);
      };
    }

    /** The finalizer of SplitMix64. */
    private static long mix(long z) {
      z = (z + 0x9E3779B97F4A7C15L ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
      z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
      return z ^ z >>> 31;
    }
  }

  private Node root;

  boolean isEmpty() {
    return root == null;
  }

  /** Adds a key or changes its values. */
  void put(long key, int inUse, int idle) {
    root = put(root, key, inUse, idle);
  }

  private static Node put(Node node, long key, int inUse, int idle) {
    Node top = node == null ? new Node(key) : node;
    if (key == top.key) {
      top.inUse = inUse;
      top.idle = idle;
    } else if (key < top.key) {
      top.left = put(top.left, key, inUse, idle);
      if (top.left.priority > top.priority) {
        Node up = top.left;
        top.left = up.right;
        top.pull();
        up.right = top;
        top = up;
      }
    } else {
      top.right = put(top.right, key, inUse, idle);
      if (top.right.priority > top.priority) {
        Node up = top.right;
        top.right = up.left;
        top.pull();
        up.left = top;
        top = up;
      }
    }
    top.pull();
    return top;
  }

  /** Takes a key out, if it is there. */
  void remove(long key) {
    root = remove(root, key);
  }

  private static Node remove(Node node, long key) {
    if (node == null) {
      return null;
    }
    if (key == node.key) {
      return join(node.left, node.right);
    }
    if (key < node.key) {
      node.left = remove(node.left, key);
    } else {
      node.right = remove(node.right, key);
    }
    node.pull();
    return node;
  }

  private static Node join(Node left, Node right) {
    if (left == null || right == null) {
      return left == null ? right : left;
    }
    Node top;
    if (left.priority > right.priority) {
      left.right = join(left.right, right);
      top = left;
    } else {
      right.left = join(left, right.left);
      top = right;
    }
    top.pull();
    return top;
  }

  /** The first key from {@code from} on that has so much free. */
  OptionalLong first(Pass pass, int free, long from) {
    return key(first(root, pass, free, from));
  }

  private static Node first(Node node, Pass pass, int free, long from) {
    if (node == null || !node.hasBelow(pass, free)) {
      return null;
    }
    if (node.key >= from) {
      Node before = first(node.left, pass, free, from);
      if (before != null) {
        return before;
      }
      if (node.has(pass, free)) {
        return node;
      }
    }
    return first(node.right, pass, free, from);
  }

  /** The last key that has so much free. */
  OptionalLong last(Pass pass, int free) {
    Node node = root;
    while (node != null && node.hasBelow(pass, free)) {
      if (node.right != null && node.right.hasBelow(pass, free)) {
        node = node.right;
      } else if (node.has(pass, free)) {
        return OptionalLong.of(node.key);
      } else {
        node = node.left;
      }
    }
    return OptionalLong.empty();
  }

  private static OptionalLong key(Node node) {
    return node == null ? OptionalLong.empty() : OptionalLong.of(node.key);
  }
}
