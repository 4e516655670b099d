package io.sluice.dispatch;

import java.util.Arrays;

/**
 * Heaps of units in groups, each unit in at most one, the lowest key of a group first and of equal
 * keys the lowest unit. A change costs the logarithm of the group's size; nothing is allocated
 * unless a group grows.
 */
final class UnitHeaps {
  private static final int NOWHERE = -1;

  private final long[] keys;
  private final int[] groupOf;
  private final int[] placeOf;
  private int[][] heaps = {};
  private int[] sizes = {};

  UnitHeaps(int units) {
    keys = new long[units];
    groupOf = new int[units];
    placeOf = new int[units];
    Arrays.fill(groupOf, NOWHERE);
  }

  int groups() {
    return heaps.length;
  }

  long key(int unit) {
    return keys[unit];
  }

  /** The first unit of a group, -1 if it is empty. */
  int first(int group) {
    return group < sizes.length && sizes[group] > 0 ? heaps[group][0] : NOWHERE;
  }

  /** Puts a unit into a group, from wherever it was. */
  void put(int unit, int group, long key) {
    if (groupOf[unit] != group) {
      remove(unit);
      append(unit, group, key);
    } else {
      long before = keys[unit];
      keys[unit] = key;
      if (key < before) {
        up(heaps[group], placeOf[unit], unit);
      } else {
        down(heaps[group], sizes[group], placeOf[unit], unit);
      }
    }
  }

  /** Takes a unit out, if it is in. */
  void remove(int unit) {
    int group = groupOf[unit];
    if (group == NOWHERE) {
      return;
    }
    groupOf[unit] = NOWHERE;
    int place = placeOf[unit];
    int last = heaps[group][--sizes[group]];
    if (last != unit) {
      place(heaps[group], place, last);
      up(heaps[group], place, last);
      down(heaps[group], sizes[group], placeOf[last], last);
    }
  }

  private void append(int unit, int group, long key) {
    if (group >= heaps.length) {
      int before = heaps.length;
      heaps = Arrays.copyOf(heaps, group + 1);
      Arrays.fill(heaps, before, heaps.length, new int[0]);
      sizes = Arrays.copyOf(sizes, group + 1);
    }
    int size = sizes[group]++;
    if (size == heaps[group].length) {
      heaps[group] = Arrays.copyOf(heaps[group], Math.max(4, 2 * size));
    }
    groupOf[unit] = group;
    keys[unit] = key;
    up(heaps[group], size, unit);
  }

  private boolean isBefore(int a, int b) {
    return keys[a] < keys[b] || (keys[a] == keys[b] && a < b);
  }

  private void place(int[] heap, int at, int unit) {
    heap[at] = unit;
    placeOf[unit] = at;
  }

  private void up(int[] heap, int from, int unit) {
    int at = from;
    while (at > 0) {
      int parent = (at - 1) >>> 1;
      if (!isBefore(unit, heap[parent])) {
        break;
      }
      place(heap, at, heap[parent]);
      at = parent;
    }
    place(heap, at, unit);
  }

  private void down(int[] heap, int size, int from, int unit) {
    int at = from;
    for (int child = 2 * at + 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && isBefore(heap[child + 1], heap[child])) {
        child++;
      }
      if (!isBefore(heap[child], unit)) {
        break;
      }
      place(heap, at, heap[child]);
      at = child;
    }
    place(heap, at, unit);
  }
}
