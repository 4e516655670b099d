package io.sluice.aks.kernel;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.List;

/**
 * Greedy decoding of connectionist temporal classification (Graves et al., 2006): the most probable
 * symbol of each step, repeats merged, blanks dropped. Symbol 0 is the blank.
 *
 * <p>Spaces are held to a lower bar. PP-OCR's networks learned mostly from Chinese, where words are
 * not set apart, so at a gap between words the blank usually wins though the space is far above its
 * level inside words. A space is therefore also read between two characters when its probability
 * reaches {@link #SPACE_THRESHOLD} at a step that the blank won.
 *
 * <p>Full-width forms of ASCII characters (U+FF01 to U+FF5E) become the ASCII characters in a line
 * that has no other wide characters: the networks mix the two.
 */
public final class CtcDecoder {
  /**
   * Between what was seen on rendered English lines: of 1527 gaps inside words none reached 0.02,
   * of 387 gaps between words 11 stayed below 0.05.
   */
  public static final float SPACE_THRESHOLD = 0.03f;

  private static final String SPACE = " ";

  private final List<String> alphabet;
  private final int space;
  private final float spaceThreshold;

  /**
   * @param alphabet the symbols, the blank first; see {@link #alphabet}
   */
  public CtcDecoder(List<String> alphabet) {
    this(alphabet, SPACE_THRESHOLD);
  }

  /**
   * @param alphabet the symbols, the blank first
   * @param spaceThreshold the probability from which a space is read where the blank is more
   *     probable; 1 for plain greedy decoding
   */
  public CtcDecoder(List<String> alphabet, float spaceThreshold) {
    if (alphabet.size() < 2) {
      throw new SluiceException(
          ErrorCode.XIR_INVALID_ARG_OCCUR,
          alphabet.size() + " symbols",
          "CTC alphabet",
          "give the blank and at least one character");
    }
    this.alphabet = List.copyOf(alphabet);
    this.space = alphabet.indexOf(SPACE);
    this.spaceThreshold = spaceThreshold;
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
   * @return the text, without spaces at its ends, and the mean of the maxima that were kept
   */
  public RecognizedText decode(TensorData probabilities) {
    Pixels.requireFloat(probabilities, 1, -1, alphabet.size());
    int steps = probabilities.shape().dim(1);
    int symbols = alphabet.size();
    StringBuilder text = new StringBuilder();
    double sum = 0;
    int kept = 0;
    int previous = 0;
    boolean gap = false;
    for (int t = 0; t < steps; t++) {
      int best = best(probabilities, t * symbols, symbols);
      float max = probabilities.getFloat(t * symbols + best);
      boolean isKept = best != 0 && best != previous;
      if (isKept) {
        sum += max;
        kept++;
      }
      if (best == 0) {
        gap |= space > 0 && probabilities.getFloat(t * symbols + space) >= spaceThreshold;
      } else if (best == space) {
        gap = true;
      } else if (isKept) {
        if (gap && !text.isEmpty()) {
          text.append(SPACE);
        }
        text.append(alphabet.get(best));
        gap = false;
      }
      previous = best;
    }
    return new RecognizedText(toAscii(text.toString()), kept == 0 ? 0 : (float) (sum / kept));
  }

  private static int best(TensorData probabilities, int from, int symbols) {
    int best = 0;
    float max = Float.NEGATIVE_INFINITY;
    for (int k = 0; k < symbols; k++) {
      float p = probabilities.getFloat(from + k);
      if (p > max) {
        max = p;
        best = k;
      }
    }
    return best;
  }

  private static String toAscii(String text) {
    StringBuilder ascii = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0xff01 && c <= 0xff5e) {
        ascii.append((char) (c - 0xff01 + '!'));
      } else if (c >= 0x2e80) {
        return text;
      } else {
        ascii.append(c);
      }
    }
    return ascii.toString();
  }
}
