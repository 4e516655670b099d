package io.sluice.xir;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Path;

/** Files that AMD's tools wrote, from the folder that the property sluice.testData names. */
final class SampleModels {
  static final String V70 = "tf2_custom_op_v70.xmodel";
  static final String ZCU102 = "tf2_custom_op_zcu102.xmodel";
  static final String QUANTIZED = "VoxelNet_int.xmodel";

  private SampleModels() {}

  /** Skips the test when there is no such folder. */
  static Path file(String name) {
    String folder = System.getProperty("sluice.testData", "");
    assumeFalse(folder.isEmpty(), "sluice.testData is not set");
    return Path.of(folder, "xmodel", name);
  }
}
