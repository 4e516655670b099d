package io.sluice.aks;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.flink.request.ImageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FileSystem;

/**
 * The files of a job.
 *
 * @param imageRoots folders, as URIs, below which images are read
 * @param maxImageBytes longest encoded image
 * @param graphFolder where relative names in the graph count from, as a URI
 * @param outputFolder where kernels may write, as a path; null for nowhere
 */
public record JobContext(
    List<String> imageRoots, int maxImageBytes, String graphFolder, String outputFolder)
    implements KernelContext {
  public JobContext {
    imageRoots = List.copyOf(imageRoots);
  }

  /** A job without files. */
  public static JobContext none() {
    return new JobContext(List.of(), 1, Path.of("").toAbsolutePath().toUri().toString(), null);
  }

  @Override
  public byte[] readImage(String path) {
    String uri = path.startsWith("/") ? Path.of(path).toUri().toString() : path;
    return new ImageFiles(imageRoots, maxImageBytes).read(uri);
  }

  @Override
  public byte[] readFile(String path, int maxBytes) {
    org.apache.flink.core.fs.Path below =
        new org.apache.flink.core.fs.Path(new org.apache.flink.core.fs.Path(graphFolder), path);
    org.apache.flink.core.fs.Path asNamed =
        new org.apache.flink.core.fs.Path(Path.of("").toAbsolutePath().toUri().toString() + path);
    try {
      FileSystem files = below.getFileSystem();
      org.apache.flink.core.fs.Path file =
          files.exists(below) || path.startsWith("/") ? below : asNamed;
      try (FSDataInputStream in = file.getFileSystem().open(file)) {
        byte[] bytes = in.readNBytes(maxBytes);
        if (in.read() >= 0) {
          throw new SluiceException(
              ErrorCode.SLUICE_LIMIT, "more than " + maxBytes + " bytes", path, "shorten the file");
        }
        return bytes;
      }
    } catch (IOException e) {
      throw new SluiceException(
          ErrorCode.SLUICE_IO,
          "the file cannot be read (" + e + ")",
          path,
          "name it from the graph's folder",
          e);
    }
  }

  @Override
  public Path outputFolder(String path) {
    Path root = outputFolder == null ? null : Path.of(outputFolder).toAbsolutePath().normalize();
    Path folder = root == null ? null : root.resolve(path).normalize();
    if (folder == null || !folder.startsWith(root)) {
      throw new SluiceException(
          ErrorCode.SLUICE_USAGE,
          root == null ? "the job has no output folder" : "a folder outside of " + root,
          path,
          "name an output folder, and relative names in the graph");
    }
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new SluiceException(
          ErrorCode.SLUICE_IO,
          "the output folder cannot be made (" + e + ")",
          folder.toString(),
          "make its parent folder writable",
          e);
    }
  }
}
