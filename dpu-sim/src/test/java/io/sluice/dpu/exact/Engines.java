package io.sluice.dpu.exact;

import io.sluice.xir.TensorData;
import java.util.Map;

/** Runs a program in both engines and says where they differ. */
final class Engines {
  private Engines() {}

  /** The first difference; null if there is none. */
  static String difference(
      FixProgram program, Map<String, TensorData> inputs, FloatArithmetic arithmetic, int threads) {
    Map<String, TensorData> expected = new ReferenceEngine(program).run(inputs);
    try (FastEngine fast = new FastEngine(program, arithmetic, threads)) {
      return difference(expected, fast.run(inputs));
    }
  }

  /** How many values differ in tensors of the same types and shapes. */
  static int mismatches(Map<String, TensorData> expected, Map<String, TensorData> actual) {
    int count = 0;
    for (Map.Entry<String, TensorData> entry : expected.entrySet()) {
      byte[] a = entry.getValue().array();
      byte[] b = actual.get(entry.getKey()).array();
      for (int i = 0; i < a.length; i++) {
        count += a[i] == b[i] ? 0 : 1;
      }
    }
    return count;
  }

  static String difference(Map<String, TensorData> expected, Map<String, TensorData> actual) {
    for (Map.Entry<String, TensorData> entry : expected.entrySet()) {
      TensorData a = entry.getValue();
      TensorData b = actual.get(entry.getKey());
      if (!a.type().equals(b.type()) || !a.shape().equals(b.shape())) {
        return entry.getKey() + " is " + b + ", not " + a;
      }
      for (int i = 0; i < a.array().length; i++) {
        if (a.array()[i] != b.array()[i]) {
          return String.format(
              "%s %s differs at %d: %d, not %d", entry.getKey(), a, i, b.array()[i], a.array()[i]);
        }
      }
    }
    return null;
  }
}
