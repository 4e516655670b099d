package io.sluice.jobs.pages;

import java.awt.Color;
import java.awt.geom.AffineTransform;

/** Pages that are mostly running text. */
final class TextLayouts {
  private TextLayouts() {}

  static Sheet letter(Prose prose) {
    Sheet s = new Sheet(1000, 1300, Color.WHITE);
    Typeface face = Typeface.SERIF;
    double x = 110;
    row(s, prose.fill("{name}"), face, 22, x, 110);
    row(s, prose.fill("{n} Station Road"), face, 22, x, 140);
    row(s, prose.fill("{city} {k}"), face, 22, x, 170);
    s.textRight(prose.fill("{month} {d}, {y}"), face.regular(22), s.width - x, 235);
    s.endRow();
    s.text(prose.fill("Subject: Your order number {k}"), face.bold(23), x, 300);
    s.endRow();
    row(s, prose.fill("Dear {name},"), face, 22, x, 360);
    double y = 410;
    for (int i = 0; i < 5; i++) {
      y = s.paragraph(prose.paragraph(4), face.regular(22), x, y, s.width - 2 * x, 32) + 20;
    }
    row(s, "With kind regards,", face, 22, x, y + 20);
    s.text(prose.fill("{name}"), face.italic(26), x, y + 80);
    s.endRow();
    return s;
  }

  static Sheet twoColumns(Prose prose) {
    Sheet s = new Sheet(1200, 1400, new Color(252, 251, 246));
    s.textCentred(prose.title("{adj} Days in {city}"), Typeface.SERIF.bold(52), 600, 120);
    s.endRow();
    s.textCentred(
        prose.fill("A report by {name}, {month} {y}"), Typeface.SERIF.italic(24), 600, 170);
    s.endRow();
    s.rule(Color.GRAY, 80, 200, 1120, 200);
    for (double x : new double[] {80, 630}) {
      double y = 260;
      for (int i = 0; i < 5; i++) {
        y = s.paragraph(prose.paragraph(4), Typeface.SERIF.regular(23), x, y, 490, 32) + 18;
      }
    }
    return s;
  }

  static Sheet article(Prose prose) {
    Sheet s = new Sheet(1100, 1300, Color.WHITE);
    double y =
        s.paragraph(
            prose.title("Why the {thing} in {city} matters more than ever"),
            Typeface.LATO.bold(46),
            90,
            120,
            920,
            58);
    s.ink(new Color(110, 110, 110));
    row(s, prose.fill("{day}, {month} {d} - {s} minutes to read"), Typeface.LATO, 22, 90, y + 5);
    s.ink(new Color(30, 30, 30));
    y += 70;
    for (int i = 0; i < 4; i++) {
      s.text(prose.title("{adj} words from the {place}"), Typeface.LATO.bold(30), 90, y);
      s.endRow();
      y = s.paragraph(prose.paragraph(5), Typeface.LATO.regular(24), 90, y + 46, 920, 35) + 34;
    }
    return s;
  }

  static Sheet slide(Prose prose) {
    Sheet s = new Sheet(1280, 800, new Color(22, 38, 66));
    s.ink(new Color(245, 245, 250));
    s.text(prose.title("Results for {month} {y}"), Typeface.SANS.bold(56), 90, 140);
    s.endRow();
    s.rule(new Color(240, 170, 60), 90, 175, 560, 175);
    double y = 260;
    for (int i = 0; i < 5; i++) {
      s.g.setColor(new Color(240, 170, 60));
      s.g.fillOval(92, (int) y - 20, 14, 14);
      y = s.paragraph(prose.sentence(), Typeface.SANS.regular(31), 130, y, 1040, 42) + 24;
    }
    s.ink(new Color(170, 180, 200));
    s.textRight(prose.fill("{name} / page {s}"), Typeface.SANS.regular(22), 1200, 760);
    s.endRow();
    return s;
  }

  static Sheet notice(Prose prose) {
    Sheet s = new Sheet(950, 1250, new Color(238, 221, 178));
    s.ink(new Color(70, 30, 20));
    s.g.setColor(new Color(70, 30, 20));
    s.g.drawRect(50, 50, 850, 1150);
    s.textCentred("PUBLIC NOTICE", Typeface.SANS.bold(58), 475, 170);
    s.endRow();
    s.textCentred(prose.title("{place}, {city}"), Typeface.SANS.regular(32), 475, 230);
    s.endRow();
    double y = 330;
    for (int i = 0; i < 5; i++) {
      for (String row : s.wrap(prose.sentence(), Typeface.SANS.regular(29), 720)) {
        s.textCentred(row, Typeface.SANS.regular(29), 475, y);
        s.endRow();
        y += 42;
      }
      y += 30;
    }
    s.textCentred(
        prose.fill("Signed, {name}, {month} {d}, {y}"), Typeface.SANS.italic(27), 475, y + 40);
    s.endRow();
    return s;
  }

  static Sheet book(Prose prose) {
    Sheet s = new Sheet(950, 1350, new Color(247, 241, 224));
    s.textCentred(prose.title("The {adj} {place}"), Typeface.SERIF.italic(24), 475, 90);
    s.endRow();
    s.textCentred(
        "Chapter " + prose.pick(java.util.List.of("One", "Four", "Seven", "Twelve")),
        Typeface.SERIF.bold(38),
        475,
        200);
    s.endRow();
    double y = 290;
    for (int i = 0; i < 6; i++) {
      String text = prose.paragraph(4);
      y = s.paragraph(text, Typeface.SERIF.regular(25), 110, y, 730, 37) + 8;
    }
    s.textCentred(prose.fill("{n}"), Typeface.SERIF.regular(24), 475, 1300);
    s.endRow();
    return s;
  }

  /** A card to be folded: the upper half stands upside down for those who sit opposite. */
  static Sheet tentCard(Prose prose) {
    Sheet s = new Sheet(1200, 1000, Color.WHITE);
    AffineTransform upright = s.g.getTransform();
    s.g.rotate(Math.PI, 600, 250);
    card(s, prose);
    s.g.setTransform(upright);
    s.rule(Color.LIGHT_GRAY, 0, 500, 1200, 500);
    s.g.translate(0, 500);
    card(s, prose);
    s.g.setTransform(upright);
    return s;
  }

  private static void card(Sheet s, Prose prose) {
    s.textCentred(prose.fill("{name}"), Typeface.LATO.bold(62), 600, 150);
    s.endRow();
    s.textCentred(prose.title("{place}, {city}"), Typeface.LATO.regular(36), 600, 225);
    s.endRow();
    double y = 310;
    for (String row : s.wrap(prose.paragraph(2), Typeface.LATO.regular(28), 900)) {
      s.textCentred(row, Typeface.LATO.regular(28), 600, y);
      s.endRow();
      y += 42;
    }
  }

  static Sheet minutes(Prose prose) {
    Sheet s = new Sheet(1050, 1350, Color.WHITE);
    s.text(prose.title("Minutes of the meeting on {month} {d}"), Typeface.SANS.bold(34), 90, 110);
    s.endRow();
    double y = 165;
    row(s, prose.fill("Present: {name}, {name}, {name}"), Typeface.SANS, 22, 90, y);
    row(s, prose.fill("Place: {place}, room {n}"), Typeface.SANS, 22, 90, y + 34);
    y += 100;
    for (int i = 1; i <= 4; i++) {
      s.text(i + ". " + prose.title("The {adj} {thing}"), Typeface.SANS.bold(25), 90, y);
      s.endRow();
      y += 42;
      for (int j = 0; j < 3; j++) {
        s.g.setColor(Color.BLACK);
        s.g.fillRect(128, (int) y - 10, 7, 7);
        y = s.paragraph(prose.sentence(), Typeface.SANS.regular(22), 155, y, 800, 32) + 8;
      }
      y += 26;
    }
    return s;
  }

  private static void row(Sheet s, String text, Typeface face, double size, double x, double y) {
    s.text(text, face.regular(size), x, y);
    s.endRow();
  }
}
