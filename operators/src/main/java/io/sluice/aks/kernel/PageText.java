package io.sluice.aks.kernel;

import java.util.List;
import java.util.stream.Collectors;

/** Puts the lines of a page together. */
public final class PageText {
  private PageText() {}

  /** The indices of the lines in reading order. */
  public static List<Integer> order(List<TextLine> lines) {
    return ReadingOrder.lines(lines.stream().map(TextLine::box).toList()).stream()
        .flatMap(List::stream)
        .toList();
  }

  /**
   * The page's text: the boxes of one visual line joined by a space, the lines in reading order and
   * each on its own line. Boxes in which nothing was read are left out. The order of the argument
   * does not matter but between boxes at the same place.
   */
  public static String join(List<TextLine> lines) {
    List<TextLine> read = lines.stream().filter(l -> !l.text().text().isBlank()).toList();
    return ReadingOrder.lines(read.stream().map(TextLine::box).toList()).stream()
        .map(
            line ->
                line.stream()
                    .map(i -> read.get(i).text().text().strip())
                    .collect(Collectors.joining(" ")))
        .collect(Collectors.joining("\n"));
  }
}
