package io.sluice.jobs.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A page and what is printed on it.
 *
 * @param name the file's name without its suffix
 * @param image encoded, PNG or JPEG; not to be changed
 * @param truth the text in reading order, lines separated by a line feed
 */
public record DemoPage(String name, byte[] image, String truth) {
  private static final String FOLDER = "/demo/pages";

  /** The pages that are shipped, sorted by name. */
  public static List<DemoPage> shipped() {
    URL folder = DemoPage.class.getResource(FOLDER);
    if (folder == null) {
      throw new IllegalStateException("no resource " + FOLDER);
    }
    try {
      URI uri = folder.toURI();
      if (uri.getScheme().equals("file")) {
        return in(Path.of(uri));
      }
      try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
        return in(jar.getPath(FOLDER));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The images of a folder which have a text file of the same name beside them. */
  static List<DemoPage> in(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().matches(".*\\.(png|jpg)"))
          .sorted()
          .map(DemoPage::read)
          .toList();
    }
  }

  private static DemoPage read(Path image) {
    String file = image.getFileName().toString();
    String name = file.substring(0, file.lastIndexOf('.'));
    try {
      return new DemoPage(
          name, Files.readAllBytes(image), Files.readString(image.resolveSibling(name + ".txt")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
