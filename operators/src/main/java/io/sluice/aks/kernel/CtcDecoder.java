package io.sluice.aks.kernel;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.List;

/**
 * Greedy decoding of connectionist temporal classification (Graves et al., 2006): the most probable
 * symbol of each step, repeats merged, blanks dropped. Symbol 0 is the blank.
 */
public final class CtcDecoder {
  private final List<String> alphabet;

  /**
   * @param alphabet the symbols, the blank first; see {@link #alphabet}
   */
  public CtcDecoder(List<String> alphabet) {
    if (alphabet.size() < 2) {
      throw new SluiceException(
          ErrorCode.XIR_INVALID_ARG_OCCUR,
          alphabet.size() + " symbols",
          "CTC alphabet",
          "give the blank and at least one character");
    }
    this.alphabet = List.copyOf(alphabet);
  }

  /**
   * The alphabet of PP-OCR's recognition networks: the blank, the characters of the key file, the
   * space.
   *
   * @param keys the lines of the key file
   */
  public static List<String> alphabet(List<String> keys) {
    List<String> symbols = new ArrayList<>(keys.size() + 2);
    symbols.add("");
    symbols.addAll(keys);
    symbols.add(" ");
    return symbols;
  }

  /**
   * @param probabilities FLOAT32 [1, T, K], K the size of the alphabet
   */
  public RecognizedText decode(TensorData probabilities) {
    Pixels.requireFloat(probabilities, 1, -1, alphabet.size());
    int steps = probabilities.shape().dim(1);
    int symbols = alphabet.size();
    StringBuilder text = new StringBuilder();
    double sum = 0;
    int kept = 0;
    int previous = 0;
    for (int t = 0; t < steps; t++) {
      int best = 0;
      float max = Float.NEGATIVE_INFINITY;
      for (int k = 0; k < symbols; k++) {
        float p = probabilities.getFloat(t * symbols + k);
        if (p > max) {
          max = p;
          best = k;
        }
      }
      if (best != 0 && best != previous) {
        text.append(alphabet.get(best));
        sum += max;
        kept++;
      }
      previous = best;
    }
    return new RecognizedText(text.toString(), kept == 0 ? 0 : (float) (sum / kept));
  }
}
