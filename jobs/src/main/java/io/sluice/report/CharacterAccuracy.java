package io.sluice.report;

/**
 * How much of a text was read: 1 - Levenshtein distance / length of the truth. White space at the
 * ends is dropped and every other run of it counts as one space. Characters are code points.
 *
 * @param edits insertions, deletions and substitutions that turn what was read into the truth
 * @param characters length of the truth
 */
public record CharacterAccuracy(long edits, long characters) {
  /** The accuracy of nothing, to begin a sum with. */
  public static final CharacterAccuracy NONE = new CharacterAccuracy(0, 0);

  public static CharacterAccuracy of(String truth, String read) {
    int[] expected = collapse(truth);
    return new CharacterAccuracy(distance(expected, collapse(read)), expected.length);
  }

  /** This and another text taken together. */
  public CharacterAccuracy plus(CharacterAccuracy other) {
    return new CharacterAccuracy(edits + other.edits, characters + other.characters);
  }

  /**
   * The accuracy, 0 to 1; 0 when there are more edits than characters. An empty truth is read fully
   * by an empty text and not at all by any other.
   */
  public double value() {
    if (characters == 0) {
      return edits == 0 ? 1 : 0;
    }
    return Math.max(0, 1 - (double) edits / characters);
  }

  private static int[] collapse(String text) {
    return text.strip().replaceAll("\\s+", " ").codePoints().toArray();
  }

  /** Levenshtein's distance by Wagner and Fischer, one row at a time. */
  private static int distance(int[] a, int[] b) {
    int[] row = new int[b.length + 1];
    for (int j = 0; j <= b.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length; i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length; j++) {
        int above = row[j];
        int replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(above, row[j - 1]) + 1);
        diagonal = above;
      }
    }
    return row[b.length];
  }
}
