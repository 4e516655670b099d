package io.sluice.xir;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Files that AMD's tools wrote, from the folder that the property sluice.testData names. */
final class SampleModels {
  static final String V70 = "tf2_custom_op_v70.xmodel";
  static final String ZCU102 = "tf2_custom_op_zcu102.xmodel";
  static final String QUANTIZED = "VoxelNet_int.xmodel";

  private SampleModels() {}

  /** Every file; none when there is no such folder. */
  static List<Path> all() {
    String folder = System.getProperty("sluice.testData", "");
    if (folder.isEmpty()) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(Path.of(folder, "xmodel"))) {
      return files.filter(file -> file.toString().endsWith(".xmodel")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Skips the test when there is no such folder. */
  static Path file(String name) {
    String folder = System.getProperty("sluice.testData", "");
    assumeFalse(folder.isEmpty(), "sluice.testData is not set");
    return Path.of(folder, "xmodel", name);
  }
}
