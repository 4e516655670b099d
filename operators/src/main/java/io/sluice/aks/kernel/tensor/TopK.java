package io.sluice.aks.kernel.tensor;

import io.sluice.aks.kernel.KernelInputs;
import java.util.Arrays;

/** The largest values of an array. */
public final class TopK {
  private TopK() {}

  /**
   * The indices, counted from {@code offset}, of the largest of {@code count} values, the largest
   * first; of equal ones the lower index first. With a heap of the k best: O(count log k).
   *
   * @param k how many; all of them if there are no more
   * @throws io.sluice.error.SluiceException SLUICE_STAGE_FAILED for a NaN
   */
  public static int[] indices(float[] values, int offset, int count, int k) {
    int[] heap = new int[Math.min(k, count)];
    int size = 0;
    for (int i = 0; i < count; i++) {
      if (Float.isNaN(values[offset + i])) {
        throw KernelInputs.unusable("score " + i + " is NaN");
      }
      if (size < heap.length) {
        heap[size++] = i;
        if (size == heap.length) {
          for (int root = size / 2 - 1; root >= 0; root--) {
            sink(heap, size, root, values, offset);
          }
        }
      } else if (size > 0 && isWorse(heap[0], i, values, offset)) {
        heap[0] = i;
        sink(heap, size, 0, values, offset);
      }
    }
    for (int last = size - 1; last > 0; last--) {
      int worst = heap[0];
      heap[0] = heap[last];
      heap[last] = worst;
      sink(heap, last, 0, values, offset);
    }
    return Arrays.copyOf(heap, size);
  }

  /** Lets the worst be at the root. */
  private static void sink(int[] heap, int size, int at, float[] values, int offset) {
    int root = at;
    while (2 * root + 1 < size) {
      int child = 2 * root + 1;
      if (child + 1 < size && isWorse(heap[child + 1], heap[child], values, offset)) {
        child++;
      }
      if (isWorse(heap[root], heap[child], values, offset)) {
        return;
      }
      int swapped = heap[root];
      heap[root] = heap[child];
      heap[child] = swapped;
      root = child;
    }
  }

  private static boolean isWorse(int a, int b, float[] values, int offset) {
    float left = values[offset + a];
    float right = values[offset + b];
    return left < right || left == right && a > b;
  }
}
