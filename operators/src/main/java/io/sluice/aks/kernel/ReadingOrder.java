package io.sluice.aks.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The order in which a person reads text boxes: a recursive XY-cut (Nagy and Seth, 1984) that is
 * biased towards rows.
 *
 * <p>The page is first turned back by its skew: the median angle of the boxes, weighted by width. A
 * region of boxes is then ordered so:
 *
 * <ol>
 *   <li>If a gutter runs through the whole region, its left part is read before its right part. A
 *       gutter is a vertical gap with lines of prose on both sides, side by side. Cells of a table
 *       are too narrow to be prose, so tables are read row by row.
 *   <li>Otherwise the region is cut at every horizontal gap into bands, and from the top the
 *       longest run of bands that share a gutter becomes a region of its own: the columns below a
 *       headline. A band that joins no run is read as it stands.
 *   <li>Boxes of one band without a gutter are gathered into visual lines, read from the top, each
 *       from the left.
 * </ol>
 *
 * <p>Lines that follow each other and all stand upside down are a block that is read from the other
 * side: its order is reversed.
 *
 * <p>Where this is not right: a table with two columns of long texts is read by column, and columns
 * narrower than {@link #PROSE_WIDTH} line heights are read across.
 */
final class ReadingOrder {
  /** A line of prose is at least so many line heights wide, in the median. */
  private static final double PROSE_WIDTH = 7;

  /** A gutter is at least so many line heights wide. */
  private static final double GUTTER_WIDTH = 0.8;

  /** A gutter has at least so many lines on either side. */
  private static final int GUTTER_LINES = 3;

  /** The part of a box's height, at top and bottom, that may overlap a neighbouring line. */
  private static final double SLACK = 0.2;

  private static final Comparator<Item> BY_TOP = Comparator.comparingDouble(Item::top);
  private static final Comparator<Item> BY_LEFT = Comparator.comparingDouble(Item::left);

  private ReadingOrder() {}

  /** The boxes in reading order. */
  static List<TextBox> sort(List<TextBox> boxes) {
    return lines(boxes).stream().flatMap(List::stream).map(boxes::get).toList();
  }

  /** The indices of the boxes, gathered into visual lines, in reading order. */
  static List<List<Integer>> lines(List<TextBox> boxes) {
    double skew = skew(boxes);
    List<Item> items =
        new ArrayList<>(
            IntStream.range(0, boxes.size())
                .mapToObj(i -> Item.of(i, boxes.get(i), skew))
                .toList());
    List<List<Integer>> lines = new ArrayList<>();
    order(items, lines);
    reverseTurnedBlocks(boxes, lines);
    return lines;
  }

  private static void reverseTurnedBlocks(List<TextBox> boxes, List<List<Integer>> lines) {
    int from = 0;
    for (int to = 0; to <= lines.size(); to++) {
      if (to == lines.size() || !lines.get(to).stream().allMatch(i -> boxes.get(i).isTurned())) {
        Collections.reverse(lines.subList(from, to));
        lines.subList(from, to).replaceAll(ReadingOrder::reversed);
        from = to + 1;
      }
    }
  }

  private static List<Integer> reversed(List<Integer> line) {
    List<Integer> reversed = new ArrayList<>(line);
    Collections.reverse(reversed);
    return reversed;
  }

  /** The median angle of the boxes in radians, weighted by width; tall boxes have no say. */
  private static double skew(List<TextBox> boxes) {
    List<TextBox> wide =
        boxes.stream()
            .filter(b -> b.width() > 2 * b.height())
            .sorted(Comparator.comparingDouble(ReadingOrder::angle))
            .toList();
    double half = wide.stream().mapToDouble(TextBox::width).sum() / 2;
    for (TextBox box : wide) {
      half -= box.width();
      if (half <= 0) {
        return angle(box);
      }
    }
    return 0;
  }

  private static double angle(TextBox box) {
    TextBox upright = box.isTurned() ? box.turned() : box;
    return Math.atan2(
        upright.y(1) - upright.y(0) + upright.y(2) - upright.y(3),
        upright.x(1) - upright.x(0) + upright.x(2) - upright.x(3));
  }

  /** A box on the page without skew. */
  private record Item(int index, double left, double top, double right, double bottom) {
    static Item of(int index, TextBox box, double skew) {
      double cos = Math.cos(skew);
      double sin = Math.sin(skew);
      double cx = 0;
      double cy = 0;
      for (int i = 0; i < 4; i++) {
        cx += (box.x(i) * cos + box.y(i) * sin) / 4;
        cy += (box.y(i) * cos - box.x(i) * sin) / 4;
      }
      double w = box.width() / 2.0;
      double h = box.height() / 2.0;
      return new Item(index, cx - w, cy - h, cx + w, cy + h);
    }

    double width() {
      return right - left;
    }

    double height() {
      return bottom - top;
    }

    double middle() {
      return (top + bottom) / 2;
    }
  }

  private static void order(List<Item> items, List<List<Integer>> lines) {
    if (items.isEmpty()) {
      return;
    }
    double gutter = gutter(items);
    if (!Double.isNaN(gutter)) {
      order(items.stream().filter(i -> i.left() < gutter).toList(), lines);
      order(items.stream().filter(i -> i.left() >= gutter).toList(), lines);
      return;
    }
    List<List<Item>> bands = bands(items);
    for (int from = 0; from < bands.size(); ) {
      int to = longestRunWithGutter(bands, from);
      if (to > from + 1 && to - from < bands.size()) {
        order(bands.subList(from, to).stream().flatMap(List::stream).toList(), lines);
        from = to;
      } else if (bands.size() > 1) {
        order(bands.get(from), lines);
        from++;
      } else {
        visualLines(items, lines);
        from++;
      }
    }
  }

  /** Where the widest gutter through the region ends, or NaN when there is none. */
  private static double gutter(List<Item> items) {
    double lineHeight = median(items, Item::height);
    double best = Double.NaN;
    double bestWidth = GUTTER_WIDTH * lineHeight;
    List<Item> byLeft = items.stream().sorted(BY_LEFT).toList();
    double reach = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < byLeft.size(); i++) {
      double gap = byLeft.get(i).left() - reach;
      if (i > 0
          && gap > bestWidth
          && areColumns(byLeft.subList(0, i), byLeft.subList(i, byLeft.size()), lineHeight)) {
        best = byLeft.get(i).left();
        bestWidth = gap;
      }
      reach = Math.max(reach, byLeft.get(i).right());
    }
    return best;
  }

  private static boolean areColumns(List<Item> left, List<Item> right, double lineHeight) {
    return isProse(left, lineHeight) && isProse(right, lineHeight) && areSideBySide(left, right);
  }

  private static boolean isProse(List<Item> items, double lineHeight) {
    return items.size() >= GUTTER_LINES
        && median(items, Item::width) >= PROSE_WIDTH * lineHeight
        && bands(items).size() >= GUTTER_LINES;
  }

  private static boolean areSideBySide(List<Item> a, List<Item> b) {
    double topA = a.stream().mapToDouble(Item::top).min().orElseThrow();
    double topB = b.stream().mapToDouble(Item::top).min().orElseThrow();
    double bottomA = a.stream().mapToDouble(Item::bottom).max().orElseThrow();
    double bottomB = b.stream().mapToDouble(Item::bottom).max().orElseThrow();
    double common = Math.min(bottomA, bottomB) - Math.max(topA, topB);
    return common > 0.5 * Math.min(bottomA - topA, bottomB - topB);
  }

  /** The region cut at every horizontal gap, from the top. */
  private static List<List<Item>> bands(List<Item> items) {
    List<List<Item>> bands = new ArrayList<>();
    double reach = Double.NEGATIVE_INFINITY;
    for (Item item : items.stream().sorted(BY_TOP).toList()) {
      double slack = SLACK * item.height();
      if (item.top() + slack >= reach) {
        bands.add(new ArrayList<>());
      }
      bands.get(bands.size() - 1).add(item);
      reach = Math.max(reach, item.bottom() - slack);
    }
    return bands;
  }

  /**
   * The end of the longest run of bands from {@code from} on that has a gutter, or {@code from}.
   *
   * <p>The intervals that all bands of the run leave free are narrowed band by band. Only when one
   * of them vanishes can the run so far be the longest with a gutter there.
   */
  private static int longestRunWithGutter(List<List<Item>> bands, int from) {
    int longest = from;
    List<Item> run = new ArrayList<>();
    List<double[]> free =
        List.of(new double[] {Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY});
    for (int to = from; to < bands.size() && !free.isEmpty(); to++) {
      List<double[]> still = new ArrayList<>();
      boolean vanished = false;
      for (double[] interval : free) {
        int before = still.size();
        addFree(interval, bands.get(to), still);
        vanished |= still.size() == before;
      }
      if (vanished && !Double.isNaN(gutter(run))) {
        longest = to;
      }
      run.addAll(bands.get(to));
      free = still;
    }
    return !free.isEmpty() && !Double.isNaN(gutter(run)) ? bands.size() : longest;
  }

  /** Adds the parts of an interval that a band leaves free and that are wide enough. */
  private static void addFree(double[] interval, List<Item> band, List<double[]> free) {
    double least = GUTTER_WIDTH * median(band, Item::height);
    double from = interval[0];
    for (Item item : band.stream().sorted(BY_LEFT).toList()) {
      double to = Math.min(interval[1], item.left());
      if (to - from > least) {
        free.add(new double[] {from, to});
      }
      from = Math.max(from, item.right());
    }
    if (interval[1] - from > least) {
      free.add(new double[] {from, interval[1]});
    }
  }

  /** Gathers boxes whose middle lies within the line begun by the topmost of them. */
  private static void visualLines(List<Item> items, List<List<Integer>> lines) {
    List<Item> rest = new ArrayList<>(items);
    rest.sort(Comparator.comparingDouble(Item::middle));
    while (!rest.isEmpty()) {
      Item first = rest.get(0);
      List<Item> line = new ArrayList<>();
      rest.removeIf(i -> sharesLine(first, i) && line.add(i));
      line.sort(BY_LEFT);
      lines.add(line.stream().map(Item::index).toList());
    }
  }

  private static boolean sharesLine(Item a, Item b) {
    double common = Math.min(a.bottom(), b.bottom()) - Math.max(a.top(), b.top());
    return common >= 0.5 * Math.min(a.height(), b.height());
  }

  private static double median(List<Item> items, ToDoubleFunction<Item> measure) {
    double[] values = items.stream().mapToDouble(measure).toArray();
    Arrays.sort(values);
    return values[values.length / 2];
  }
}
