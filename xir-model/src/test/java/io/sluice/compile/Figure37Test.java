package io.sluice.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.target.Targets;
import io.sluice.xir.Subgraph;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The superlayers of Caffe's ResNet-50 beside the guide's Figure 37 (its misprints repaired): 55 in
 * the same order, each with exactly the operations of the figure. The figure's bytes are what its
 * program moves; ours are every tensor once, so they differ where that program moves something more
 * often, or prints a value below its last digit:
 *
 * <ul>
 *   <li>conv1, feature maps in: 0.507 for an image of 0.144. Loading the seven rows of the kernel
 *       anew for every row of the result would make it 0.502, so that is about what the figure's
 *       program must do.
 *   <li>res4e_downsample_bp_by_fake_downsample_2, feature maps in: 0.203 for 0.060. Here alone the
 *       program loads the whole summand (0.191) instead of every second row and column of it; it
 *       does the latter for the two stages before.
 *   <li>fc1000_bias, feature maps out: its 1000 bytes are 0.00095, which the figure prints as ~0.
 * </ul>
 */
class Figure37Test {
  private static final double MEBI = 1 << 20;

  /** A row of the figure; sizes in MiB. */
  private record Row(String name, long ops, double weights, double in, double out) {}

  private static List<Row> figure;
  private static List<Row> ours;

  @BeforeAll
  static void compile() throws IOException {
    figure = new ArrayList<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                Figure37Test.class.getResourceAsStream("resnet50-figure37.csv"),
                StandardCharsets.UTF_8))) {
      reader.lines().map(Figure37Test::row).forEach(figure::add);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    CompiledModel model =
        Compiler.compile(
            CaffeResNet50.graph(224), Targets.builtIn().byName("DPUCZDX8G_ISA1_B4096"));
    CompiledChecks.check(model);
    ours = new ArrayList<>();
    for (Subgraph part : model.graph().root().children()) {
      part.children().stream()
          .filter(child -> child.attrs().getLong("workload") > 0)
          .map(Figure37Test::row)
          .forEach(ours::add);
    }
  }

  private static Row row(String line) {
    String[] f = line.split(",");
    return new Row(
        f[0],
        Long.parseLong(f[1]),
        Double.parseDouble(f[2]),
        Double.parseDouble(f[3]),
        Double.parseDouble(f[4]));
  }

  private static Row row(Subgraph superlayer) {
    DdrTraffic traffic = DdrTraffic.of(superlayer.ops());
    return new Row(
        superlayer.name().replace("subgraph_", ""),
        superlayer.attrs().getLong("workload"),
        traffic.constantBytes() / MEBI,
        traffic.loadBytes() / MEBI,
        traffic.storeBytes() / MEBI);
  }

  private static boolean near(double modelled, double printed) {
    return Math.abs(modelled - printed) <= Math.max(0.05 * printed, 0.0005);
  }

  @Test
  void everySuperlayerHasTheOperationsOfTheFigure() {
    assertThat(ours).extracting(Row::ops).isEqualTo(figure.stream().map(Row::ops).toList());
    assertThat(ours).hasSize(55);
  }

  @Test
  void superlayersBearTheNamesOfTheFigureSaveForItsSuffixes() {
    Map<String, String> renamed = new TreeMap<>();
    for (int i = 0; i < figure.size(); i++) {
      String theirs = figure.get(i).name().replaceFirst("_bias$", "");
      if (!ours.get(i).name().equals(theirs)) {
        renamed.put(theirs, ours.get(i).name());
      }
    }
    assertThat(renamed)
        .isEqualTo(
            Map.of(
                "res2b_downsample_bp_by_fake_downsample_0", "res2c",
                "res3c_downsample_bp_by_fake_downsample_1", "res3d",
                "res4e_downsample_bp_by_fake_downsample_2", "res4f"));
  }

  @Test
  void bytesMovedOnceAreThoseOfTheFigureSaveWhereItMovesThemAgain() {
    List<String> differing = new ArrayList<>();
    for (int i = 0; i < figure.size(); i++) {
      Row theirs = figure.get(i);
      Row own = ours.get(i);
      compare(theirs.name() + " LdWB", own.weights(), theirs.weights(), differing);
      compare(theirs.name() + " LdFM", own.in(), theirs.in(), differing);
      compare(theirs.name() + " StFM", own.out(), theirs.out(), differing);
    }
    assertThat(differing)
        .containsExactly(
            "conv1 LdFM 0.144 for 0.507",
            "res4e_downsample_bp_by_fake_downsample_2 LdFM 0.060 for 0.203",
            "fc1000_bias StFM 0.001 for 0.000");
  }

  private static void compare(String what, double own, double theirs, List<String> differing) {
    if (!near(own, theirs)) {
      differing.add(String.format(Locale.ROOT, "%s %.3f for %.3f", what, own, theirs));
    }
  }
}
