package io.sluice.jobs.pages;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import io.sluice.aks.kernel.ImageDecoder;
import io.sluice.aks.kernel.ImageLimits;
import io.sluice.report.CharacterAccuracy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Reads with the kernels and the original networks, and prints the character accuracy. */
@Tag("slow")
class PageAccuracyTest {
  private static final Path PAGES = Path.of("src/main/resources/demo/pages");

  @Test
  void theShippedPagesAreRead() throws IOException, OrtException {
    ImageDecoder decoder = new ImageDecoder(ImageLimits.standard());
    CharacterAccuracy all = CharacterAccuracy.NONE;
    try (DirectOcr ocr = new DirectOcr()) {
      for (Path image : images()) {
        String name = image.getFileName().toString();
        Path truth = PAGES.resolve(name.substring(0, name.indexOf('.')) + ".txt");
        String read = ocr.text(decoder.decode(Files.readAllBytes(image)));
        CharacterAccuracy page = CharacterAccuracy.of(Files.readString(truth), read);
        System.out.printf(
            "%s %.4f (%d of %d)%n", name, page.value(), page.edits(), page.characters());
        assertThat(page.value()).as(name).isGreaterThan(0.93);
        all = all.plus(page);
      }
    }
    System.out.printf("all pages %.4f (%d of %d)%n", all.value(), all.edits(), all.characters());
    assertThat(all.value()).isGreaterThan(0.98);
  }

  @Test
  void singleLinesAreRead() throws IOException, OrtException {
    ImageDecoder decoder = new ImageDecoder(ImageLimits.standard());
    CharacterAccuracy all = CharacterAccuracy.NONE;
    try (DirectOcr ocr = new DirectOcr()) {
      for (LineImages.LineImage line : LineImages.cut(40, 1)) {
        all = all.plus(CharacterAccuracy.of(line.truth(), ocr.text(decoder.decode(line.png()))));
      }
    }
    System.out.printf("single lines %.4f (%d of %d)%n", all.value(), all.edits(), all.characters());
    assertThat(all.value()).isGreaterThan(0.95);
  }

  private static List<Path> images() throws IOException {
    try (Stream<Path> files = Files.list(PAGES)) {
      return files.filter(f -> !f.toString().endsWith(".txt")).sorted().toList();
    }
  }
}
