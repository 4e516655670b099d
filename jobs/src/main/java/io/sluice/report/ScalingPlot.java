package io.sluice.report;

import io.sluice.flink.dispatch.DispatchTotals.Part;
import io.sluice.jobs.bench.BenchmarkPoint;
import io.sluice.jobs.bench.BenchmarkResult;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Throughput and 99th percentile of the latency over the number of cards, as SVG: two fields side
 * by side, both axes from 0, in the left one a dashed line for as many single cards.
 */
public final class ScalingPlot {
  private static final int WIDTH = 420;
  private static final int HEIGHT = 300;
  private static final int MARGIN = 60;
  private static final int TICKS = 4;

  private ScalingPlot() {}

  public static String svg(BenchmarkResult result) {
    List<BenchmarkPoint> points = result.points();
    BenchmarkPoint first = points.get(0);
    double perCard = first.throughputPerSecond() / first.cards();
    StringBuilder svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
                + " font-family=\"sans-serif\" font-size=\"11\">%n"
                + "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n",
            2 * WIDTH + 3 * MARGIN,
            HEIGHT + 2 * MARGIN));
    double most = points.stream().mapToInt(BenchmarkPoint::cards).max().orElseThrow();
    Field left =
        new Field(
            svg,
            MARGIN,
            most,
            perCard * most,
            "results a second (modelled; dashed: so many single cards)");
    left.frame();
    left.line(
        List.of(first, points.get(points.size() - 1)), p -> perCard * p.cards(), "#888", "4 4");
    left.line(points, BenchmarkPoint::throughputPerSecond, "#1f5fa8", "none");
    double slowest =
        points.stream().mapToDouble(p -> p.totals().ms(Part.TOTAL, 99)).max().orElse(1);
    Field right =
        new Field(
            svg, 2 * MARGIN + WIDTH, most, slowest * 1.1, "p99 of the latency, ms (modelled)");
    right.frame();
    right.line(points, p -> p.totals().ms(Part.TOTAL, 99), "#c0641c", "none");
    return svg.append("</svg>\n").toString();
  }

  /** A field with axes. */
  private record Field(StringBuilder svg, int left, double mostX, double mostY, String title) {
    private double x(double value) {
      return left + value / mostX * WIDTH;
    }

    private double y(double value) {
      return MARGIN + HEIGHT - value / Math.max(1e-12, mostY) * HEIGHT;
    }

    void frame() {
      add("<text x=\"%d\" y=\"%d\" font-size=\"13\">%s</text>%n", left, MARGIN - 14, title);
      add(
          "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#444\"/>%n",
          left, MARGIN, WIDTH, HEIGHT);
      for (int tick = 0; tick <= TICKS; tick++) {
        double vx = mostX * tick / TICKS;
        double vy = mostY * tick / TICKS;
        add(
            "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.4g</text>%n",
            x(vx), MARGIN + HEIGHT + 16, vx);
        add("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.4g</text>%n", left - 6, y(vy) + 4, vy);
      }
      add(
          "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">cards</text>%n",
          left + WIDTH / 2, MARGIN + HEIGHT + 34);
    }

    void line(
        List<BenchmarkPoint> points,
        ToDoubleFunction<BenchmarkPoint> value,
        String colour,
        String dashes) {
      StringBuilder path = new StringBuilder();
      for (BenchmarkPoint point : points) {
        path.append(
            String.format(
                Locale.ROOT, "%.1f,%.1f ", x(point.cards()), y(value.applyAsDouble(point))));
      }
      add(
          "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\""
              + " stroke-dasharray=\"%s\"/>%n",
          path.toString().strip(), colour, dashes);
      if (dashes.equals("none")) {
        for (String at : path.toString().strip().split(" ")) {
          String[] xy = at.split(",");
          add("<circle cx=\"%s\" cy=\"%s\" r=\"3\" fill=\"%s\"/>%n", xy[0], xy[1], colour);
        }
      }
    }

    private void add(String format, Object... values) {
      svg.append(String.format(Locale.ROOT, format, values));
    }
  }
}
