package io.sluice.jobs.quantize;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.io.IOException;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/** Whole files in any of Flink's file systems. */
final class Files {
  private Files() {}

  /**
   * @throws SluiceException SLUICE_IO if the file cannot be read
   */
  static byte[] read(String uri) {
    Path path = new Path(uri);
    try (FSDataInputStream in = path.getFileSystem().open(path)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw failed("the file cannot be read (" + e + ")", uri, e);
    }
  }

  /**
   * Writes beside the file and renames, so that a reader sees all of it or nothing.
   *
   * @throws SluiceException SLUICE_IO if the file cannot be written
   */
  static void write(String uri, byte[] bytes) {
    Path path = new Path(uri);
    Path part = new Path(uri + ".part");
    try {
      FileSystem files = path.getFileSystem();
      files.mkdirs(path.getParent());
      try (FSDataOutputStream out = files.create(part, FileSystem.WriteMode.OVERWRITE)) {
        out.write(bytes);
      }
      files.delete(path, false);
      if (!files.rename(part, path)) {
        throw new IOException("cannot rename " + part);
      }
    } catch (IOException e) {
      throw failed("the file cannot be written (" + e + ")", uri, e);
    }
  }

  private static SluiceException failed(String thing, String uri, IOException e) {
    return new SluiceException(
        ErrorCode.SLUICE_IO, thing, uri, "check the folder and the space on it", e);
  }
}
