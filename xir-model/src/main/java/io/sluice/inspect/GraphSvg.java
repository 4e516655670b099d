package io.sluice.inspect;

import io.sluice.xir.Op;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Draws ops as boxes in layers, inputs on top: an op lies one layer below the lowest that it reads,
 * in its layer at the mean place of what it reads. Edges are straight; nothing is done about edges
 * that pass behind boxes.
 */
public final class GraphSvg {
  private static final int BOX_WIDTH = 190;
  private static final int BOX_HEIGHT = 38;
  private static final int COLUMN = 210;
  private static final int ROW = 66;
  private static final int MARGIN = 20;
  private static final int TOP = 60;
  private static final int MAX_NAME = 28;

  private static final List<String> LEGEND = List.of("DPU", "CPU", "USER");

  private GraphSvg() {}

  /** Upper left corner of a box, in pixels. */
  private record Place(int x, int y) {}

  /**
   * @param ops in topological order; edges from others are left out
   * @param device {@code DPU}, {@code CPU} or {@code USER}; anything else is drawn in grey
   * @param note shown when the pointer rests on an op
   * @return an SVG document
   */
  public static String draw(List<Op> ops, Function<Op, String> device, Function<Op, String> note) {
    Map<Op, Place> places = places(ops);
    int width =
        Math.max(
            places.values().stream().mapToInt(Place::x).max().orElse(0) + BOX_WIDTH + MARGIN, 330);
    int height =
        places.values().stream().mapToInt(Place::y).max().orElse(TOP) + BOX_HEIGHT + MARGIN;
    StringBuilder svg = new StringBuilder();
    svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + width + "\" height=\"")
        .append(height + "\" font-family=\"sans-serif\" font-size=\"11\">\n")
        .append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
    for (int i = 0; i < LEGEND.size(); i++) {
      int x = MARGIN + i * 100;
      rect(svg, new Place(x, MARGIN), 16, 16, colour(LEGEND.get(i)));
      text(svg, x + 22, MARGIN + 12, LEGEND.get(i));
    }
    places.forEach((op, to) -> edges(svg, op, to, places));
    places.forEach(
        (op, place) -> {
          svg.append("<g><title>" + escape(op.name() + " " + note.apply(op)) + "</title>\n");
          rect(svg, place, BOX_WIDTH, BOX_HEIGHT, colour(device.apply(op)));
          text(svg, place.x() + 6, place.y() + 15, shorten(op.type()));
          text(svg, place.x() + 6, place.y() + 30, shorten(op.name()));
          svg.append("</g>\n");
        });
    return svg.append("</svg>\n").toString();
  }

  private static Map<Op, Place> places(List<Op> ops) {
    Map<Op, Integer> layer = new HashMap<>();
    List<List<Op>> layers = new ArrayList<>();
    for (Op op : ops) {
      int depth = 0;
      for (Op in : op.allInputs()) {
        depth = Math.max(depth, layer.getOrDefault(in, -1) + 1);
      }
      layer.put(op, depth);
      if (layers.size() == depth) {
        layers.add(new ArrayList<>());
      }
      layers.get(depth).add(op);
    }
    Map<Op, Place> places = new LinkedHashMap<>();
    for (int y = 0; y < layers.size(); y++) {
      List<Op> sorted = new ArrayList<>(layers.get(y));
      sorted.sort(Comparator.comparingDouble(op -> mean(op, places)));
      for (int x = 0; x < sorted.size(); x++) {
        places.put(sorted.get(x), new Place(MARGIN + x * COLUMN, TOP + y * ROW));
      }
    }
    return places;
  }

  private static double mean(Op op, Map<Op, Place> places) {
    return op.allInputs().stream()
        .filter(places::containsKey)
        .mapToInt(in -> places.get(in).x())
        .average()
        .orElse(0);
  }

  private static void edges(StringBuilder svg, Op op, Place to, Map<Op, Place> places) {
    for (Op in : op.allInputs()) {
      Place from = places.get(in);
      if (from != null) {
        svg.append("<line x1=\"" + (from.x() + BOX_WIDTH / 2) + "\" y1=\"")
            .append((from.y() + BOX_HEIGHT) + "\" x2=\"" + (to.x() + BOX_WIDTH / 2))
            .append("\" y2=\"" + to.y() + "\" stroke=\"#666\"/>\n");
      }
    }
  }

  private static void rect(StringBuilder svg, Place at, int width, int height, String fill) {
    svg.append("<rect x=\"" + at.x() + "\" y=\"" + at.y() + "\" width=\"" + width)
        .append("\" height=\"" + height + "\" rx=\"4\" stroke=\"#333\" fill=\"" + fill + "\"/>\n");
  }

  private static void text(StringBuilder svg, int x, int y, String text) {
    svg.append("<text x=\"" + x + "\" y=\"" + y + "\">" + escape(text) + "</text>\n");
  }

  private static String colour(String device) {
    return switch (device) {
      case "DPU" -> "#9fd8a4";
      case "CPU" -> "#f7b58c";
      case "USER" -> "#a9c9f0";
      default -> "#dddddd";
    };
  }

  /** The end of a long name, which tells ops apart better than its beginning. */
  private static String shorten(String name) {
    return name.length() <= MAX_NAME ? name : "..." + name.substring(name.length() - MAX_NAME + 3);
  }

  private static String escape(String text) {
    return text.replaceAll("[^\\x20-\\uD7FF\\uE000-\\uFFFD]", "?")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;");
  }
}
