package io.sluice.aks.kernel.classification;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The true class of images by file name: a line for each, its name, white space, a number. */
final class GroundTruth {
  private final Map<String, Integer> labels = new HashMap<>();

  /**
   * @param file for errors
   * @throws SluiceException SLUICE_IO for a line that is not of this form, or a name with two
   *     labels
   */
  GroundTruth(byte[] text, String file) {
    int number = 0;
    for (String line : new String(text, StandardCharsets.UTF_8).split("\n")) {
      number++;
      String trimmed = line.strip();
      if (!trimmed.isEmpty()) {
        String[] parts = trimmed.split("\\s+");
        if (parts.length != 2 || !parts[1].matches("[0-9]{1,9}")) {
          throw bad("'" + trimmed + "' is no name and class", file, number);
        }
        Integer other = labels.put(baseName(parts[0]), Integer.valueOf(parts[1]));
        if (other != null && !other.equals(Integer.valueOf(parts[1]))) {
          throw bad("a second class for " + baseName(parts[0]), file, number);
        }
      }
    }
  }

  /** The class of the image at a path, by the last part of it. */
  Optional<Integer> of(String path) {
    return Optional.ofNullable(labels.get(baseName(path)));
  }

  static String baseName(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static SluiceException bad(String what, String file, int line) {
    return new SluiceException(
        ErrorCode.SLUICE_IO,
        what,
        file + ":" + line,
        "write an image's name and the number of its class on each line");
  }
}
