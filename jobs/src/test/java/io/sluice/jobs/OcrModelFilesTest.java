package io.sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.flink.ocr.OcrModels;
import io.sluice.vart.ModelRef;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OcrModelFilesTest {
  @Test
  @Tag("slow")
  void aModelIsImportedAgainOnlyIfItsFileIsNotWhatWasWritten(@TempDir Path folder)
      throws IOException {
    OcrModels made = JobRun.models();
    copy(Path.of("target/models"), folder);
    List<String> imported = new ArrayList<>();
    OcrModelFiles files = new OcrModelFiles(folder, imported::add);

    OcrModels first = files.prepare();
    assertThat(imported).isEmpty();
    assertThat(digests(first)).isEqualTo(digests(made)).hasSize(11);

    Path damaged = Path.of(URI.create(first.orientation().get(192).uri()));
    Files.writeString(damaged, "no model");
    OcrModels again = files.prepare();
    assertThat(imported).containsExactly("orientation 48 x 192");
    assertThat(digests(again)).isEqualTo(digests(first));
  }

  @Test
  void aFolderThatCannotBeMadeIsOneClearError(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");

    assertThatThrownBy(() -> new OcrModelFiles(file.resolve("models")).prepare())
        .isInstanceOfSatisfying(
            SluiceException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.SLUICE_IO);
              assertThat(e.place()).isEqualTo(file.resolve("models").toString());
            });
  }

  private static List<String> digests(OcrModels models) {
    List<ModelRef> all = new ArrayList<>(models.detection().values());
    all.addAll(models.orientation().values());
    all.addAll(models.recognition().values());
    return all.stream().map(ModelRef::sha256).toList();
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }
}
