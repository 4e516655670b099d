package io.sluice.jobs.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageGeneratorTest {

  @Test
  void theSameSeedGivesTheSamePageAndAnotherOneAnotherPage(@TempDir Path folder)
      throws IOException {
    Path first = generate(folder, "first", 7);
    Path again = generate(folder, "again", 7);
    Path other = generate(folder, "other", 8);

    assertThat(again.resolve("page-01.jpg")).hasSameBinaryContentAs(first.resolve("page-01.jpg"));
    assertThat(Files.readString(other.resolve("page-01.txt")))
        .isNotEqualTo(Files.readString(first.resolve("page-01.txt")));
  }

  @Test
  void theTruthHoldsEveryPieceInOrder(@TempDir Path folder) throws IOException {
    Path out = generate(folder, "page", 9);
    String truth = Files.readString(out.resolve("page-01.txt"));

    int at = 0;
    for (String row : Files.readAllLines(out.resolve("page-01.tsv"))) {
      String piece = row.split("\t", -1)[8];
      at = truth.indexOf(piece, at);
      assertThat(at).as(piece).isNotNegative();
      at += piece.length();
    }
  }

  private static Path generate(Path folder, String name, long seed) throws IOException {
    Path out = folder.resolve(name);
    PageGenerator.main(
        new String[] {
          "--seed",
          String.valueOf(seed),
          "--count",
          "1",
          "--out",
          out.toString(),
          "--pieces",
          out.toString()
        });
    return out;
  }
}
