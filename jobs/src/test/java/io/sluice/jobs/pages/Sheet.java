package io.sluice.jobs.pages;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/** A page while it is drawn: the image, the rows of its text and where each piece of text lies. */
final class Sheet {
  /**
   * A piece of text on the page.
   *
   * @param text what it says
   * @param corners x0 y0 ... clockwise from the upper left of the text, in pixels
   */
  record Piece(String text, double[] corners) {
    Piece moved(AffineTransform transform) {
      double[] moved = new double[8];
      transform.transform(corners, 0, moved, 0, 4);
      return new Piece(text, moved);
    }
  }

  final BufferedImage image;
  final Graphics2D g;
  final int width;
  final int height;
  private final List<List<Piece>> rows = new ArrayList<>();
  private Color ink = new Color(20, 20, 24);

  Sheet(int width, int height, Color paper) {
    this.width = width;
    this.height = height;
    image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    g = image.createGraphics();
    g.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setRenderingHint(
        RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    g.setColor(paper);
    g.fillRect(0, 0, width, height);
    rows.add(new ArrayList<>());
  }

  void ink(Color color) {
    ink = color;
  }

  /** Draws text from a point on the base line, as the next piece of the current row. */
  void text(String text, Font font, double x, double baseline) {
    g.setFont(font);
    g.setColor(ink);
    g.drawString(text, (float) x, (float) baseline);
    FontMetrics metrics = g.getFontMetrics();
    Rectangle2D box = metrics.getStringBounds(text, g);
    double top = baseline - metrics.getAscent();
    double bottom = baseline + metrics.getDescent();
    double right = x + box.getWidth();
    double[] corners = {x, top, right, top, right, bottom, x, bottom};
    rows.get(rows.size() - 1).add(new Piece(text, corners).moved(g.getTransform()));
  }

  void textRight(String text, Font font, double right, double baseline) {
    text(text, font, right - widthOf(text, font), baseline);
  }

  void textCentred(String text, Font font, double centre, double baseline) {
    text(text, font, centre - widthOf(text, font) / 2, baseline);
  }

  /** Ends the current row of the truth. */
  void endRow() {
    rows.add(new ArrayList<>());
  }

  /**
   * Draws a text broken into rows.
   *
   * @return the base line of the row that would follow
   */
  double paragraph(
      String text, Font font, double x, double baseline, double maxWidth, double leading) {
    double y = baseline;
    for (String row : wrap(text, font, maxWidth)) {
      text(row, font, x, y);
      endRow();
      y += leading;
    }
    return y;
  }

  List<String> wrap(String text, Font font, double maxWidth) {
    List<String> wrapped = new ArrayList<>();
    StringBuilder row = new StringBuilder();
    for (String word : text.split(" ")) {
      String longer = row.isEmpty() ? word : row + " " + word;
      if (!row.isEmpty() && widthOf(longer, font) > maxWidth) {
        wrapped.add(row.toString());
        row.setLength(0);
        row.append(word);
      } else {
        row.setLength(0);
        row.append(longer);
      }
    }
    wrapped.add(row.toString());
    return wrapped;
  }

  double widthOf(String text, Font font) {
    return g.getFontMetrics(font).getStringBounds(text, g).getWidth();
  }

  void rule(Color color, double x0, double y0, double x1, double y1) {
    g.setColor(color);
    g.drawLine((int) x0, (int) y0, (int) x1, (int) y1);
  }

  List<Piece> pieces() {
    return rows.stream().flatMap(List::stream).toList();
  }

  /** The text of the page in reading order, a row on each line. */
  String truth() {
    StringBuilder truth = new StringBuilder();
    for (List<Piece> row : rows) {
      if (!row.isEmpty()) {
        truth.append(String.join(" ", row.stream().map(Piece::text).toList())).append('\n');
      }
    }
    return truth.toString();
  }
}
