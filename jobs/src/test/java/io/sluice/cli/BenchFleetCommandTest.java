package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** {@code sluice bench fleet}: one run, told three times. */
@Tag("slow")
class BenchFleetCommandTest {
  private static final int[] CARDS = {1, 2, 4};
  private static final int REQUESTS = 2000;

  @TempDir private static Path folder;
  private static Path model;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void compile() throws Exception {
    model = Classifier.compile(folder);
  }

  private int bench(Object... args) {
    String[] all =
        Stream.concat(Stream.of("bench", "fleet"), Stream.of(args))
            .map(Object::toString)
            .toArray(String[]::new);
    return Main.run(new PrintWriter(out), new PrintWriter(err), all);
  }

  @Test
  void jsonTableAndPlotTellTheSameRun() throws Exception {
    Path csv = folder.resolve("scaling.csv");
    Path svg = folder.resolve("scaling.svg");
    assertThat(
            bench(
                "--model",
                "net=" + model,
                "--platform",
                "zcu102",
                "--cards",
                "1,2,4",
                "--requests",
                REQUESTS,
                "--json",
                "--csv",
                csv,
                "--svg",
                svg))
        .as(err.toString())
        .isZero();

    JsonNode result = new ObjectMapper().readTree(out.toString());
    assertThat(result.get("policy").asText()).isEqualTo("earliest-finish");
    assertThat(result.get("points")).hasSize(CARDS.length);
    for (int i = 0; i < CARDS.length; i++) {
      checkPoint(result.get("points").get(i), CARDS[i], result.get("points").get(0));
    }
    checkTable(Files.readAllLines(csv), result.get("points"));
    checkPlot(svg, result.get("points"));
    assertThat(err.toString().lines())
        .extracting(line -> line.replaceAll(":.*", ""))
        .containsExactly("1 cards", "2 cards", "4 cards");
  }

  private static void checkPoint(JsonNode point, int cards, JsonNode one) {
    double throughput = point.get("throughputPerSecond").asDouble();
    assertThat(point.get("cards").asInt()).isEqualTo(cards);
    assertThat(point.get("units").asInt()).isEqualTo(3 * cards);
    assertThat(throughput).isPositive();
    assertThat(point.get("efficiency").asDouble())
        .as("throughput over that of as many single cards")
        .isCloseTo(throughput / (cards * one.get("throughputPerSecond").asDouble()), within(1e-12));
    assertThat(point.get("p50Ms").asDouble()).isPositive();
    assertThat(point.get("p90Ms").asDouble()).isGreaterThanOrEqualTo(point.get("p50Ms").asDouble());
    assertThat(point.get("p99Ms").asDouble()).isGreaterThanOrEqualTo(point.get("p90Ms").asDouble());
    long done = point.get("endings").get("done").asLong();
    long ended = 0;
    for (JsonNode ending : point.get("endings")) {
      ended += ending.asLong();
    }
    assertThat(ended).as("every request is done: nothing dies and nothing is late").isEqualTo(done);
    assertThat(point.get("late").asLong() + point.get("losses").asLong()).isZero();
    assertThat(point.get("measuredRequests").asLong())
        .as("without the warm-up")
        .isLessThan(done)
        .isBetween(REQUESTS * 8L / 10, REQUESTS * 12L / 10);
    for (JsonNode part : point.get("utilisation")) {
      assertThat(part.get("share").asDouble()).isBetween(0.0, 1.0);
    }
  }

  private static void checkTable(List<String> lines, JsonNode points) {
    assertThat(lines).hasSize(1 + points.size());
    List<String> names = List.of(lines.get(0).split(","));
    for (int i = 0; i < points.size(); i++) {
      String[] values = lines.get(i + 1).split(",");
      JsonNode point = points.get(i);
      assertThat(values).hasSameSizeAs(names);
      for (String name : List.of("cards", "units", "stable", "bottleneck")) {
        assertThat(values[names.indexOf(name)]).isEqualTo(point.get(name).asText());
      }
      for (String name : List.of("efficiency", "p50Ms", "p90Ms", "p99Ms", "p999Ms")) {
        assertThat(Double.parseDouble(values[names.indexOf(name)]))
            .isCloseTo(point.get(name).asDouble(), within(1e-5));
      }
      assertThat(Double.parseDouble(values[names.indexOf("throughputPerSecondModelled")]))
          .isCloseTo(point.get("throughputPerSecond").asDouble(), within(1e-3));
    }
  }

  /** The first line is what as many single cards would do, the second what the fleet does. */
  private static void checkPlot(Path svg, JsonNode points) throws Exception {
    NodeList lines =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(svg.toFile())
            .getElementsByTagName("polyline");
    assertThat(lines.getLength()).isEqualTo(3);
    List<double[]> ideal = points((Element) lines.item(0));
    List<double[]> drawn = points((Element) lines.item(1));
    assertThat(ideal).hasSize(2);
    assertThat(drawn).hasSize(points.size());
    assertThat(points((Element) lines.item(2))).hasSize(points.size());
    double moreCards = CARDS[CARDS.length - 1] - CARDS[0];
    double cardWidth = (ideal.get(1)[0] - ideal.get(0)[0]) / moreCards;
    double cardHeight = (ideal.get(0)[1] - ideal.get(1)[1]) / moreCards;
    for (int i = 0; i < CARDS.length; i++) {
      assertThat((drawn.get(i)[0] - drawn.get(0)[0]) / cardWidth)
          .isCloseTo(CARDS[i] - CARDS[0], within(0.01));
      assertThat((ideal.get(0)[1] - drawn.get(i)[1]) / cardHeight + CARDS[0])
          .as("as many single cards do as much")
          .isCloseTo(points.get(i).get("efficiency").asDouble() * CARDS[i], within(0.01));
    }
  }

  private static List<double[]> points(Element line) {
    List<double[]> points = new ArrayList<>();
    for (String point : line.getAttribute("points").split(" ")) {
      String[] xy = point.split(",");
      points.add(new double[] {Double.parseDouble(xy[0]), Double.parseDouble(xy[1])});
    }
    return points;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--platform zcu102 --fleet one-zcu102",
        "--cards 2",
        "--platform zcu102 --cards two",
        "--platform zcu102 --parallelism 0",
        "--platform zcu102 --p99-ms 0",
        "--platform zcu102 --host-us -1",
        "--platform zcu102 --rate 5 --replay times.txt",
        "--platform zcu102 --rate 5 --clients 2",
        "--platform zcu102 --arrivals SOMETIMES",
        "--platform zcu102 --no-such-option",
      })
  void wrongOptionsAreWrongUsage(String options) {
    List<Object> args = new ArrayList<>(List.of("--model", model));
    Stream.of(options.split(" ")).filter(option -> !option.isEmpty()).forEach(args::add);
    assertThat(bench(args.toArray())).as(err.toString()).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString()).isNotEmpty();
  }

  @Test
  void withoutAModelItIsWrongUsage() {
    assertThat(bench("--platform", "zcu102")).isEqualTo(2);
    assertThat(err.toString()).contains("--model");
  }
}
