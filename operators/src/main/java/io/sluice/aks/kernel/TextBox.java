package io.sluice.aks.kernel;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.util.Arrays;

/**
 * A quadrilateral that holds one line of text.
 *
 * @param corners x0 y0 x1 y1 x2 y2 x3 y3 in image pixels, clockwise from the upper left of the
 *     text, which is the lower right of the box when the text stands upside down
 * @param score how sure the detector is, 0 to 1: the mean text probability inside
 */
public record TextBox(float[] corners, float score) {
  /** How many values make a box. */
  public static final int ROW = 9;

  public TextBox {
    if (corners.length != 8) {
      throw bad(corners);
    }
    for (float c : corners) {
      if (!Float.isFinite(c)) {
        throw bad(corners);
      }
    }
    corners = corners.clone();
  }

  /**
   * The box of nine values.
   *
   * @param row eight coordinates of corners and the score
   */
  public static TextBox ofRow(float... row) {
    if (row.length != ROW) {
      throw bad(row);
    }
    return new TextBox(Arrays.copyOf(row, 8), row[8]);
  }

  /** Eight coordinates of corners and the score: what {@link #ofRow} takes. */
  public float[] row() {
    float[] row = Arrays.copyOf(corners, ROW);
    row[8] = score;
    return row;
  }

  /** A copy of the corners. */
  @Override
  public float[] corners() {
    return corners.clone();
  }

  /** The x of corner {@code i}, 0 to 3. */
  public float x(int i) {
    return corners[2 * i];
  }

  /** The y of corner {@code i}, 0 to 3. */
  public float y(int i) {
    return corners[2 * i + 1];
  }

  /** The length of the longer one of the upper and lower side. */
  public float width() {
    return Math.max(distance(0, 1), distance(3, 2));
  }

  /** The length of the longer one of the left and right side. */
  public float height() {
    return Math.max(distance(0, 3), distance(1, 2));
  }

  /**
   * The same box for text that stands upside down in it: the corners begin at the other end. A crop
   * by it comes out upright.
   */
  public TextBox turned() {
    float[] turned = new float[8];
    for (int i = 0; i < 8; i++) {
      turned[i] = corners[(i + 4) % 8];
    }
    return new TextBox(turned, score);
  }

  /** Whether the upper side runs from right to left: the text stands upside down on the page. */
  public boolean isTurned() {
    return x(1) - x(0) + x(2) - x(3) < 0;
  }

  private float distance(int a, int b) {
    return (float) Math.hypot(x(b) - x(a), y(b) - y(a));
  }

  private static SluiceException bad(float[] corners) {
    return new SluiceException(
        ErrorCode.XIR_INVALID_ARG_OCCUR,
        "corners " + Arrays.toString(corners),
        "text box",
        "give eight finite coordinates");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TextBox that
        && Float.compare(score, that.score) == 0
        && Arrays.equals(corners, that.corners);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(corners) + Float.hashCode(score);
  }

  @Override
  public String toString() {
    return "TextBox" + Arrays.toString(corners) + " " + score;
  }
}
