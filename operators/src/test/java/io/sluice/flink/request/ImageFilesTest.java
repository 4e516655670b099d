package io.sluice.flink.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFilesTest {
  @TempDir private Path folder;

  private ImageFiles files;

  @BeforeEach
  void write() throws IOException {
    Files.createDirectory(folder.resolve("pages"));
    Files.createDirectory(folder.resolve("pages-secret"));
    Files.write(folder.resolve("pages/a.png"), new byte[] {1, 2, 3});
    Files.write(folder.resolve("pages/long.png"), new byte[9]);
    Files.write(folder.resolve("secret.png"), new byte[1]);
    Files.write(folder.resolve("pages-secret/a.png"), new byte[1]);
    files = new ImageFiles(List.of(root()), 8);
  }

  @Test
  void aFileBelowARootIsRead() {
    assertThat(files.read(root() + "/a.png")).containsExactly(1, 2, 3);
  }

  @Test
  void aFileInNoRootIsRefusedHoweverItIsSpelled() {
    for (String uri :
        List.of(
            root() + "/../secret.png",
            root() + "/./../pages/../secret.png",
            root() + "-secret/a.png",
            root(),
            "file:///etc/passwd",
            "s3:/" + folder + "/pages/a.png",
            folder + "/pages/a.png",
            "a.png",
            "",
            ":")) {
      refuses(files, uri, ErrorCode.SLUICE_REQUEST_INVALID);
    }
    refuses(new ImageFiles(List.of(), 8), root() + "/a.png", ErrorCode.SLUICE_REQUEST_INVALID);
  }

  @Test
  void aMissingFileAFolderAndALongFileAreToldApart() {
    refuses(files, root() + "/missing.png", ErrorCode.SLUICE_IO);
    refuses(files, root() + "/%2e%2e/secret.png", ErrorCode.SLUICE_IO);
    refuses(files, root() + "/long.png", ErrorCode.SLUICE_IMAGE_TOO_LARGE);
  }

  private String root() {
    return "file://" + folder + "/pages";
  }

  private static void refuses(ImageFiles files, String uri, ErrorCode code) {
    assertThatThrownBy(() -> files.read(uri))
        .as(uri)
        .isInstanceOfSatisfying(SluiceException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
