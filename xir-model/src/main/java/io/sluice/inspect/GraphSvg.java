package io.sluice.inspect;

import io.sluice.inspect.GraphLayout.Area;
import io.sluice.inspect.GraphLayout.Cell;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Subgraph;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/** Draws ops as boxes, inputs on top, in groups that are coloured by their device. */
public final class GraphSvg {
  private static final int MAX_NAME = 28;
  private static final List<String> LEGEND = List.of("DPU", "CPU", "USER");

  /**
   * Ops that are drawn together.
   *
   * @param title e.g. the subgraph's name
   * @param device {@code DPU}, {@code CPU} or {@code USER}; anything else is drawn in grey
   * @param ops in topological order
   */
  public record Group(String title, String device, List<Op> ops) {
    public Group {
      ops = List.copyOf(ops);
    }
  }

  private GraphSvg() {}

  /**
   * Draws a graph with its subgraphs of level 1 as groups; constants, and what is made of nothing
   * else, are left out.
   *
   * @return an SVG document
   * @throws io.sluice.error.SluiceException XIR_SUBGRAPH_HAS_CYCLE if subgraphs need each other
   */
  public static String draw(Graph graph) {
    List<Subgraph> subgraphs =
        graph.root().isLeaf() ? List.of(graph.root()) : graph.root().children();
    Set<Op> drawn = new HashSet<>();
    for (Op op : graph.topologicalOrder()) {
      if (!op.isConst()
          && (op.allInputs().isEmpty() || op.allInputs().stream().anyMatch(drawn::contains))) {
        drawn.add(op);
      }
    }
    return draw(
        subgraphs.stream()
            .map(
                s ->
                    new Group(
                        s.name(),
                        s.device().orElse(""),
                        s.ops().stream().filter(drawn::contains).toList()))
            .filter(group -> !group.ops().isEmpty())
            .toList(),
        op -> op.output().shape().toString());
  }

  /**
   * @param groups each after those that it reads; edges from ops of no group are left out
   * @param note shown when the pointer rests on an op
   * @return an SVG document
   */
  public static String draw(List<Group> groups, Function<Op, String> note) {
    GraphLayout layout = new GraphLayout(groups.stream().map(Group::ops).toList());
    List<Area> areas = layout.areas();
    double width = areas.stream().mapToDouble(a -> a.left() + a.width()).max().orElse(0);
    double height = areas.stream().mapToDouble(a -> a.top() + a.height()).max().orElse(0);
    // What passes beside the groups may lie further to the right.
    for (GraphLayout.Edge edge : layout.edges()) {
      width = Math.max(width, edge.cells().stream().mapToDouble(Cell::middle).max().orElse(0));
    }
    StringBuilder svg = new StringBuilder();
    svg.append(
        format(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\""
                + " font-family=\"sans-serif\" font-size=\"11\">%n",
            Math.max(width + GraphLayout.MARGIN, 330), height + GraphLayout.MARGIN));
    svg.append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
    for (int i = 0; i < LEGEND.size(); i++) {
      int x = GraphLayout.MARGIN + i * 100;
      rect(svg, new Area(x, GraphLayout.MARGIN, 16, 16), colour(LEGEND.get(i)), "#333");
      text(svg, x + 22, GraphLayout.MARGIN + 12, LEGEND.get(i), "");
    }
    for (int i = 0; i < groups.size(); i++) {
      rect(svg, areas.get(i), pale(groups.get(i).device()), "#999");
    }
    layout.edges().forEach(edge -> edge(svg, edge.cells(), layout));
    for (int i = 0; i < groups.size(); i++) {
      group(svg, groups.get(i), areas.get(i), layout, note);
    }
    return svg.append("</svg>\n").toString();
  }

  private static void group(
      StringBuilder svg, Group group, Area area, GraphLayout layout, Function<Op, String> note) {
    String device = group.device();
    svg.append("<g class=\"subgraph\"><title>" + escape(device + " " + group.title()))
        .append("</title>\n");
    String halo = format(" paint-order=\"stroke\" stroke=\"%s\" stroke-width=\"4\"", pale(device));
    text(svg, area.left() + 8, area.top() + 15, shorten(group.title()), halo);
    for (Op op : group.ops()) {
      Cell cell = layout.boxes().get(op);
      double top = layout.top(cell);
      svg.append("<g class=\"op\"><title>" + escape(op.name() + " " + note.apply(op)))
          .append("</title>\n");
      rect(
          svg,
          new Area(cell.left(), top, GraphLayout.BOX_WIDTH, GraphLayout.BOX_HEIGHT),
          colour(device),
          "#333");
      text(svg, cell.left() + 6, top + 15, shorten(op.type()), " font-weight=\"bold\"");
      text(svg, cell.left() + 6, top + 30, shorten(op.name()), "");
      svg.append("</g>\n");
    }
    svg.append("</g>\n");
  }

  private static void edge(StringBuilder svg, List<Cell> cells, GraphLayout layout) {
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      Cell cell = cells.get(i);
      double x = cell.middle();
      double top = layout.top(cell);
      double bottom = top + GraphLayout.BOX_HEIGHT;
      if (i == 0) {
        path.append(format("M%.0f %.0f", x, bottom));
        continue;
      }
      Cell last = cells.get(i - 1);
      double from = layout.top(last) + GraphLayout.BOX_HEIGHT;
      double middle = (from + top) / 2;
      path.append(
          format("C%.0f %.0f %.0f %.0f %.0f %.0f", last.middle(), middle, x, middle, x, top));
      if (cell.isPass()) {
        path.append(format("V%.0f", bottom));
      }
    }
    svg.append("<path d=\"" + path + "\" fill=\"none\" stroke=\"#666\"/>\n");
  }

  private static void rect(StringBuilder svg, Area at, String fill, String stroke) {
    svg.append(
        format(
            "<rect x=\"%.0f\" y=\"%.0f\" width=\"%.0f\" height=\"%.0f\" rx=\"4\""
                + " stroke=\"%s\" fill=\"%s\"/>%n",
            at.left(), at.top(), at.width(), at.height(), stroke, fill));
  }

  private static void text(StringBuilder svg, double x, double y, String text, String style) {
    svg.append(format("<text x=\"%.0f\" y=\"%.0f\"%s>", x, y, style))
        .append(escape(text) + "</text>\n");
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format.replace("%n", "\n"), values);
  }

  private static String colour(String device) {
    return switch (device) {
      case "DPU" -> "#9fd8a4";
      case "CPU" -> "#f7b58c";
      case "USER" -> "#a9c9f0";
      default -> "#dddddd";
    };
  }

  private static String pale(String device) {
    return switch (device) {
      case "DPU" -> "#e9f7ea";
      case "CPU" -> "#fdeee5";
      case "USER" -> "#ecf3fc";
      default -> "#f5f5f5";
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
