package io.sluice.flink.request;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.Path;

/** Reads images that requests name, through Flink's file systems and below the allowed folders. */
public final class ImageFiles {
  private final List<URI> roots;
  private final int maxBytes;

  /**
   * @param roots the allowed folders, as URIs; none refuses every name
   * @param maxBytes longest file that is read
   */
  public ImageFiles(List<String> roots, int maxBytes) {
    this.roots =
        roots.stream().map(root -> normal(root.endsWith("/") ? root : root + "/")).toList();
    this.maxBytes = maxBytes;
  }

  /**
   * @throws SluiceException SLUICE_REQUEST_INVALID if the URI is none or lies in no allowed folder;
   *     SLUICE_IO if there is no such file or it cannot be read; SLUICE_IMAGE_TOO_LARGE
   */
  public byte[] read(String uri) {
    URI file = normal(uri);
    if (roots.stream().noneMatch(root -> isBelow(file, root))) {
      throw refused(uri, "a URI in no folder that this job may read", null);
    }
    try (FSDataInputStream in = new Path(file).getFileSystem().open(new Path(file))) {
      byte[] bytes = in.readNBytes(maxBytes + 1);
      if (bytes.length > maxBytes) {
        throw new SluiceException(
            ErrorCode.SLUICE_IMAGE_TOO_LARGE,
            "a file of more than " + maxBytes + " bytes",
            uri,
            "make the image smaller");
      }
      return bytes;
    } catch (FileNotFoundException e) {
      throw new SluiceException(
          ErrorCode.SLUICE_IO, "no such file", uri, "write the file before the request", e);
    } catch (IOException e) {
      throw new SluiceException(
          ErrorCode.SLUICE_IO,
          "the file cannot be read (" + e + ")",
          uri,
          "check that the task managers can read it",
          e);
    }
  }

  private static URI normal(String uri) {
    URI parsed;
    try {
      parsed = new Path(uri).toUri().normalize();
    } catch (IllegalArgumentException e) {
      throw refused(uri, "'" + uri + "' is no URI", e);
    }
    if (parsed.getScheme() == null || parsed.getPath() == null) {
      throw refused(uri, "'" + uri + "' has no scheme", null);
    }
    return parsed;
  }

  private static boolean isBelow(URI file, URI root) {
    String folder = root.getPath().endsWith("/") ? root.getPath() : root.getPath() + "/";
    return file.getScheme().equals(root.getScheme())
        && String.valueOf(file.getAuthority()).equals(String.valueOf(root.getAuthority()))
        && file.getPath().startsWith(folder);
  }

  private static SluiceException refused(String uri, String thing, Throwable cause) {
    return new SluiceException(
        ErrorCode.SLUICE_REQUEST_INVALID,
        thing,
        "imageUri " + uri,
        "send the image itself, or have its folder named as an image root",
        cause);
  }
}
