package io.sluice.jobs.pages;

import java.awt.Color;
import java.awt.Font;
import java.util.List;
import java.util.Locale;

/** Pages of rows and cells, read row by row. */
final class TableLayouts {
  private static final Color LINE = new Color(150, 150, 150);

  private TableLayouts() {}

  static Sheet invoice(Prose prose) {
    Sheet s = new Sheet(1100, 1350, Color.WHITE);
    Typeface face = Typeface.SANS;
    s.text("INVOICE", face.bold(54), 90, 130);
    s.endRow();
    s.text(prose.fill("Number {k}-{n}"), face.regular(23), 90, 185);
    s.textRight(prose.fill("Date: {month} {d}, {y}"), face.regular(23), 1010, 185);
    s.endRow();
    s.text(prose.fill("Customer: {name}, {city}"), face.regular(23), 90, 225);
    s.endRow();
    double y = 320;
    s.g.setColor(new Color(228, 232, 238));
    s.g.fillRect(80, (int) y - 34, 940, 50);
    cells(s, face.bold(23), y, "Description", "Quantity", "Price", "Amount");
    long total = 0;
    for (int i = 0; i < 12; i++) {
      y += 54;
      int quantity = prose.between(2, 40);
      int cents = prose.between(120, 9_900);
      total += (long) quantity * cents;
      cells(
          s,
          face.regular(23),
          y,
          prose.title("{adj} {thing}"),
          String.valueOf(quantity),
          money(cents),
          money((long) quantity * cents));
      s.rule(LINE, 80, y + 18, 1020, y + 18);
    }
    s.textRight("Total: $" + money(total), face.bold(27), 1010, y + 75);
    s.endRow();
    s.paragraph(
        prose.fill("Please pay within {d} days. {name} is happy to answer your questions."),
        face.regular(21),
        90,
        y + 150,
        900,
        32);
    return s;
  }

  private static void cells(Sheet s, Font font, double y, String a, String b, String c, String d) {
    s.text(a, font, 95, y);
    s.textRight(b, font, 640, y);
    s.textRight(c, font, 820, y);
    s.textRight(d, font, 1010, y);
    s.endRow();
  }

  private static String money(long cents) {
    return String.format(Locale.ROOT, "%,d.%02d", cents / 100, cents % 100);
  }

  static Sheet receipt(Prose prose) {
    Sheet s = new Sheet(900, 1300, new Color(250, 250, 247));
    Typeface face = Typeface.MONO;
    s.textCentred("CORNER MARKET", face.bold(44), 450, 120);
    s.endRow();
    s.textCentred(prose.fill("{n} Bridge Street, {city}"), face.regular(26), 450, 170);
    s.endRow();
    s.textCentred(prose.fill("{month} {d}, {y} {h}:{m}"), face.regular(26), 450, 210);
    s.endRow();
    double y = 300;
    long total = 0;
    for (int i = 0; i < 11; i++) {
      int cents = prose.between(150, 8_000);
      total += cents;
      s.text(prose.title("{thing}"), face.regular(28), 130, y);
      s.textRight(money(cents), face.regular(28), 770, y);
      s.endRow();
      y += 50;
    }
    s.rule(Color.BLACK, 130, y - 15, 770, y - 15);
    s.text("TOTAL", face.bold(34), 130, y + 45);
    s.textRight("$" + money(total), face.bold(34), 770, y + 45);
    s.endRow();
    s.text(prose.fill("Card ending in {k}"), face.regular(26), 130, y + 110);
    s.endRow();
    s.textCentred("Thank you for your visit!", face.regular(28), 450, y + 200);
    s.endRow();
    return s;
  }

  static Sheet form(Prose prose) {
    Sheet s = new Sheet(1050, 1300, new Color(244, 248, 244));
    s.text("Application for membership", Typeface.SANS.bold(40), 80, 110);
    s.endRow();
    s.text(prose.fill("Form {k}, fill in with black ink"), Typeface.SANS.regular(22), 80, 155);
    s.endRow();
    List<String[]> fields =
        List.of(
            new String[] {"Full name", "{name}"},
            new String[] {"Street and number", "{n} Mill Lane"},
            new String[] {"Town", "{city}"},
            new String[] {"Date of birth", "{month} {d}, {y}"},
            new String[] {"Telephone", "{k} {n}"},
            new String[] {"Occupation", "Clerk at the {place}"},
            new String[] {"Monthly fee", "{e}"},
            new String[] {"Member since", "{month} {y}"});
    double y = 250;
    for (String[] field : fields) {
      s.text(field[0] + ":", Typeface.SANS.regular(24), 80, y);
      s.text(prose.fill(field[1]), Typeface.MONO.bold(27), 400, y);
      s.endRow();
      s.g.setColor(LINE);
      s.g.drawRect(380, (int) y - 38, 590, 56);
      y += 84;
    }
    s.text("Remarks", Typeface.SANS.bold(24), 80, y + 10);
    s.endRow();
    s.paragraph(prose.paragraph(3), Typeface.SERIF.italic(26), 80, y + 60, 890, 38);
    return s;
  }

  static Sheet timetable(Prose prose) {
    Sheet s = new Sheet(1300, 1000, Color.WHITE);
    s.text(prose.title("Departures from {city}, {day}"), Typeface.LATO.bold(44), 80, 110);
    s.endRow();
    double[] columns = {90, 260, 560, 760, 930};
    double y = 200;
    s.g.setColor(new Color(30, 60, 100));
    s.g.fillRect(70, (int) y - 38, 1160, 56);
    s.ink(Color.WHITE);
    tableRow(s, Typeface.LATO.bold(26), columns, y, "Time", "Train", "Platform", "Fare", "To");
    s.ink(new Color(25, 25, 25));
    for (int i = 0; i < 11; i++) {
      y += 60;
      if (i % 2 == 1) {
        s.g.setColor(new Color(226, 233, 242));
        s.g.fillRect(70, (int) y - 39, 1160, 60);
      }
      tableRow(
          s,
          Typeface.LATO.regular(26),
          columns,
          y,
          prose.fill("{h}:{m}"),
          prose.fill("Express {n}"),
          prose.fill("{s}"),
          prose.fill("{e}"),
          prose.fill("{city}"));
    }
    return s;
  }

  private static void tableRow(Sheet s, Font font, double[] columns, double y, String... cells) {
    for (int i = 0; i < cells.length; i++) {
      s.text(cells[i], font, columns[i], y);
    }
    s.endRow();
  }

  static Sheet recipe(Prose prose) {
    Sheet s = new Sheet(1000, 1300, new Color(255, 250, 240));
    s.text(prose.title("{adj} soup from {city}"), Typeface.SERIF.bold(48), 90, 120);
    s.endRow();
    s.ink(new Color(120, 60, 20));
    s.text(prose.fill("Serves {s}, ready in {n} minutes"), Typeface.SERIF.italic(26), 90, 170);
    s.endRow();
    s.ink(new Color(30, 25, 20));
    double y = 250;
    for (String item :
        List.of(
            "{n} g of red lentils",
            "{s} large onions, sliced",
            "{w} litres of stock",
            "{s} spoons of olive oil",
            "{n} ml of cream",
            "salt & pepper")) {
      s.text("- " + prose.fill(item), Typeface.SERIF.regular(27), 110, y);
      s.endRow();
      y += 42;
    }
    y += 30;
    for (int i = 1; i <= 7; i++) {
      y =
          s.paragraph(
                  "Step " + i + ": " + prose.sentence(), Typeface.SERIF.regular(26), 90, y, 820, 38)
              + 16;
    }
    return s;
  }

  static Sheet poster(Prose prose) {
    Sheet s = new Sheet(1000, 1400, new Color(250, 225, 90));
    s.ink(new Color(10, 40, 110));
    s.textCentred("SUMMER FAIR", Typeface.LATO.bold(112), 500, 210);
    s.endRow();
    s.textCentred(prose.title("{place} of {city}"), Typeface.LATO.regular(54), 500, 310);
    s.endRow();
    s.textCentred(prose.fill("{day}, {month} {d}"), Typeface.LATO.bold(72), 500, 450);
    s.endRow();
    s.textCentred(prose.fill("Open from {h}:{m} until late"), Typeface.LATO.regular(44), 500, 530);
    s.endRow();
    double y = 660;
    for (int i = 0; i < 3; i++) {
      for (String row : s.wrap(prose.sentence(), Typeface.LATO.italic(38), 820)) {
        s.textCentred(row, Typeface.LATO.italic(38), 500, y);
        s.endRow();
        y += 54;
      }
      y += 36;
    }
    s.textCentred(prose.fill("Tickets {e} - children free"), Typeface.LATO.bold(46), 500, 1300);
    s.endRow();
    return s;
  }
}
