package io.sluice.compile;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Tells whether code is the same as before, by the SHA-256 of the jar or the folder it is in. */
public final class CodeDigest {
  private CodeDigest() {}

  /**
   * The digest of everything that lies where the class was loaded from.
   *
   * @throws IOException if that is in no file, or it cannot be read
   */
  public static String of(Class<?> type) throws IOException {
    Path place = place(type);
    if (!Files.isDirectory(place)) {
      return sha256(Files.readAllBytes(place));
    }
    StringBuilder files = new StringBuilder();
    try (Stream<Path> walk = Files.walk(place)) {
      List<Path> classes = walk.filter(Files::isRegularFile).sorted().toList();
      for (Path file : classes) {
        files.append(place.relativize(file)).append(' ');
        files.append(sha256(Files.readAllBytes(file))).append('\n');
      }
    }
    return sha256(files.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static Path place(Class<?> type) throws IOException {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    if (source == null || source.getLocation() == null) {
      throw new IOException("the code of " + type.getName() + " is in no file");
    }
    try {
      return Path.of(source.getLocation().toURI());
    } catch (URISyntaxException | RuntimeException e) {
      throw new IOException("the code of " + type.getName() + " is in no file", e);
    }
  }

  /** The SHA-256 of some bytes, as 64 hexadecimal digits. */
  public static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
