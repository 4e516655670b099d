package io.sluice.cli;

import io.sluice.xir.Npy;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A tensor in a {@code .npy} file.
 *
 * @param name of the tensor
 * @param fixPoint fix position; null if the values are not fixed point
 * @param md5 of the whole file
 */
record TensorFile(
    String name, int[] shape, String dtype, Integer fixPoint, String file, String md5) {
  private static final int MAX_NAME = 120;

  /**
   * Writes tensors into a folder, which is made if it is not there.
   *
   * @param values a value for each tensor, by name
   */
  static List<TensorFile> writeAll(
      Path folder, List<Tensor> tensors, Map<String, TensorData> values) throws IOException {
    Files.createDirectories(folder);
    Set<String> taken = new HashSet<>();
    List<TensorFile> files = new ArrayList<>();
    for (Tensor tensor : tensors) {
      TensorData value = values.get(tensor.name());
      Path file = folder.resolve(fileName(tensor.name(), taken));
      byte[] bytes = Npy.toBytes(value);
      Files.write(file, bytes);
      files.add(
          new TensorFile(
              tensor.name(),
              value.shape().toArray(),
              value.type().toString(),
              value.type().isFixedPoint() ? tensor.attrs().getInt("fix_point") : null,
              file.toString(),
              md5(bytes)));
    }
    return files;
  }

  /** A name that every file system takes and no other tensor has, whatever the case. */
  private static String fileName(String tensor, Set<String> taken) {
    String plain = tensor.replaceAll("[^A-Za-z0-9._-]", "_").replaceFirst("^\\.", "_");
    String start = plain.substring(0, Math.min(MAX_NAME, plain.length()));
    String name = start;
    for (int i = 1; !taken.add(name.toLowerCase(Locale.ROOT)); i++) {
      name = start + "_" + i;
    }
    return name + ".npy";
  }

  private static String md5(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }

  @Override
  public String toString() {
    StringBuilder dims = new StringBuilder();
    for (int d : shape) {
      dims.append(dims.isEmpty() ? "" : ", ").append(d);
    }
    String fix = fixPoint == null ? "" : " at " + fixPoint;
    return AttrView.printable(
        md5 + "  " + file + "  " + name + " " + dtype + fix + " [" + dims + "]");
  }
}
