package io.sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.aks.kernel.ImageDecoder;
import io.sluice.aks.kernel.ImageLimits;
import io.sluice.aks.kernel.OrientationClassifier;
import io.sluice.jobs.quantize.NetworkSpec;
import io.sluice.quantize.QuantizeConfig;
import io.sluice.xir.Npy;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The batch job on the orientation network. */
@Tag("slow")
class QuantizeCompileJobTest {
  private static final String TARGET = "DPUCZDX8G_ISA1_B4096";

  @TempDir private Path folder;

  @Test
  void theFilesAreTheSameWhateverTheParallelism() throws Exception {
    List<TensorData> samples = lines(11);
    String alone = run("alone", samples, 1);
    String four = run("four", samples, 4);

    assertThat(files("alone")).contains("net-48x192.xmodel", "net.json").hasSizeGreaterThan(4);
    assertThat(files("four")).isEqualTo(files("alone"));
    for (String file : files("alone")) {
      if (file.endsWith(".xmodel") || file.contains(".round")) {
        assertThat(folder.resolve("four").resolve(file))
            .hasSameBinaryContentAs(folder.resolve("alone").resolve(file));
      }
    }
    assertThat(four.replace("/four/", "/alone/")).isEqualTo(alone);
    assertThat(alone).contains("dpuMacShare", "onCpu", "softmax");
  }

  @Test
  void calibrationDataThatCannotBeIsRefusedByTheCodeOfItsFault() throws Exception {
    List<TensorData> withNan = new ArrayList<>(lines(3));
    float[] values = withNan.get(1).toFloats();
    values[7] = Float.NaN;
    withNan.set(1, TensorData.ofFloats(withNan.get(1).shape(), values));
    assertThatThrownBy(() -> run("nan", withNan, 2))
        .hasMessageStartingWith("QUANTIZER_TF2_INVALID_CALIB_DATASET")
        .hasMessageContaining("NaN")
        .hasMessageContaining("calibration sample 1");

    List<TensorData> narrow = List.of(TensorData.ofFloats(Shape.of(1, 48, 8, 3), new float[1152]));
    assertThatThrownBy(() -> run("narrow", narrow, 2))
        .hasMessageStartingWith("QUANTIZER_TORCH_SHAPE_MISMATCH");

    assertThatThrownBy(() -> run("none", List.of(), 2))
        .hasMessageStartingWith("QUANTIZER_TORCH_NO_CALIBRATION");
  }

  @Test
  void constantDataIsToldInAWarning() throws Exception {
    Shape shape = Shape.of(1, 48, 192, 3);
    float[] grey = new float[shape.elements()];
    Arrays.fill(grey, 0.25f);

    String report = run("constant", List.of(TensorData.ofFloats(shape, grey)), 1);

    assertThat(report).contains("constant, 0.25");
  }

  private String run(String name, List<TensorData> samples, int parallelism) throws Exception {
    Path out = Files.createDirectories(folder.resolve(name));
    Path inputs = Files.createDirectories(folder.resolve(name + "-samples"));
    List<String> uris = new ArrayList<>();
    for (TensorData sample : samples) {
      Path file = inputs.resolve(uris.size() + ".npy");
      Files.write(file, Npy.toBytes(sample));
      uris.add(file.toUri().toString());
    }
    NetworkSpec network =
        new NetworkSpec(
            "net",
            new TreeMap<>(Map.of("48x192", JobRun.models().orientation().get(192).uri())),
            uris,
            QuantizeConfig.standard().refined());
    return QuantizeCompileJob.run(List.of(network), TARGET, out.toUri().toString(), parallelism)
        .get("net");
  }

  private List<String> files(String name) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(name))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static List<TensorData> lines(int count) throws IOException {
    ImageDecoder decoder = new ImageDecoder(ImageLimits.standard());
    List<TensorData> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      lines.add(OrientationClassifier.prepare(decoder.decode(Lines.image("line " + i * i, "png"))));
    }
    return lines;
  }
}
