package io.sluice.fuzz;

import io.sluice.zoo.ZooFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged files end in an answer or a typed error. {@code sluice.fuzz.seed} names the seed of the
 * first file, which the report prints; file n of seed s is file 0 of seed s + n.
 */
@Timeout(value = 2, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FuzzTest {
  private static final long SEED = Long.getLong("sluice.fuzz.seed", 20260601);
  private static final Map<String, int[]> CLS_SHAPE = Map.of("x", new int[] {1, 3, 48, 192});
  private static final Map<String, int[]> REC_SHAPE = Map.of("x", new int[] {1, 3, 48, 160});
  private static final String CLS = "ch_ppocr_mobile_v2.0_cls_infer";
  private static final String REC = "ch_PP-OCRv4_rec_infer";

  @TempDir Path folder;

  private static byte[] ocr(String name) throws IOException {
    try (InputStream in = FuzzTest.class.getResourceAsStream("/models/" + name + ".onnx")) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }

  private static FuzzTarget onnx() throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>(ZooFiles.onnx());
    files.put(CLS, ocr(CLS));
    files.put(REC, ocr(REC));
    return FuzzTargets.onnx(files, Map.of(CLS, CLS_SHAPE, REC, REC_SHAPE));
  }

  /** Ours, and those of other tools if there are any. */
  private static FuzzTarget xmodel() throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>(ZooFiles.quantized());
    files.putAll(ZooFiles.compiled());
    Path samples = Path.of(System.getProperty("sluice.testData", ""), "xmodel");
    if (Files.isDirectory(samples)) {
      try (Stream<Path> found = Files.list(samples)) {
        for (Path file : found.sorted().toList()) {
          files.put(file.getFileName().toString(), Files.readAllBytes(file));
        }
      }
    }
    return FuzzTargets.xmodel(files);
  }

  private void run(FuzzTarget target, int count) {
    Fuzzer fuzzer = new Fuzzer(target, SEED);
    try {
      fuzzer.run(count);
    } finally {
      System.out.print(fuzzer.report());
    }
  }

  private void runAll(int count) throws IOException {
    run(onnx(), count * 4 / 10);
    run(xmodel(), count * 3 / 10);
    Map<String, byte[]> quantized = ZooFiles.quantized();
    run(FuzzTargets.compile(quantized), count / 10);
    run(FuzzTargets.options(quantized.values().iterator().next()), count / 20);
    run(FuzzTargets.arch(folder), count / 20);
    run(FuzzTargets.fleet(), count / 10);
  }

  @Test
  @Tag("slow")
  void twoThousandDamagedFilesAreReadOrRefused() throws IOException {
    runAll(2000);
  }

  @Test
  @Tag("full")
  void aHundredThousandDamagedFilesAreReadOrRefused() throws IOException {
    runAll(100_000);
  }
}
