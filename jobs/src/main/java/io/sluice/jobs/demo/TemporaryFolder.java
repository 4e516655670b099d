package io.sluice.jobs.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder that is deleted with all that is in it when it is closed, or when the process ends. */
public final class TemporaryFolder implements AutoCloseable {
  private final Path path;
  private final Thread cleaner;

  private TemporaryFolder(Path path) {
    this.path = path;
    this.cleaner = new Thread(() -> delete(path), "temporary-folder-cleaner");
  }

  /**
   * Makes a folder.
   *
   * @param prefix its name begins so
   */
  public static TemporaryFolder create(String prefix) throws IOException {
    TemporaryFolder folder = new TemporaryFolder(Files.createTempDirectory(prefix));
    Runtime.getRuntime().addShutdownHook(folder.cleaner);
    return folder;
  }

  public Path path() {
    return path;
  }

  @Override
  public void close() {
    delete(path);
    try {
      Runtime.getRuntime().removeShutdownHook(cleaner);
    } catch (IllegalStateException e) {
      // The process is ending, so the hook runs and finds nothing left to do.
      return;
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> walk = Files.walk(folder)) {
      walk.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      // What cannot be listed is not there, or stays for the system to clean.
      return;
    }
  }
}
