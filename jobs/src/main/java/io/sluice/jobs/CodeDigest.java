package io.sluice.jobs;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Tells whether code is the same as before, by the SHA-256 of the jar or the folder it is in. */
final class CodeDigest {
  private CodeDigest() {}

  /** The digest of everything that lies where the class was loaded from. */
  static String of(Class<?> type) throws IOException {
    Path place;
    try {
      place = Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IOException("the code of " + type.getName() + " is in no file", e);
    }
    if (!Files.isDirectory(place)) {
      return OcrModelFiles.sha256(Files.readAllBytes(place));
    }
    StringBuilder files = new StringBuilder();
    try (Stream<Path> walk = Files.walk(place)) {
      List<Path> classes = walk.filter(Files::isRegularFile).sorted().toList();
      for (Path file : classes) {
        files.append(place.relativize(file)).append(' ');
        files.append(OcrModelFiles.sha256(Files.readAllBytes(file))).append('\n');
      }
    }
    return OcrModelFiles.sha256(files.toString().getBytes(StandardCharsets.UTF_8));
  }
}
