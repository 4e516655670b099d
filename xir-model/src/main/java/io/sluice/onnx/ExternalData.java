package io.sluice.onnx;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.onnx.proto.StringStringEntryProto;
import io.sluice.onnx.proto.TensorProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Weights that a model keeps in files beside it. Only files inside the folder of the model are
 * opened: no absolute path, no {@code ..}, no link that leads out.
 */
final class ExternalData {
  private final Path folder;

  /**
   * @param folder the folder of the model; null when the model did not come from a file, and then
   *     external data are refused
   */
  ExternalData(Path folder) {
    this.folder = folder;
  }

  /** The bytes of a tensor, which must be as many as its shape takes. */
  byte[] read(TensorProto tensor, long expectedBytes) {
    String place = "tensor '" + tensor.getName() + "'";
    String location = "";
    long offset = 0;
    long length = expectedBytes;
    for (StringStringEntryProto entry : tensor.getExternalDataList()) {
      switch (entry.getKey()) {
        case "location" -> location = entry.getValue();
        case "offset" -> offset = number(entry, place);
        case "length" -> length = number(entry, place);
        default -> {}
      }
    }
    if (length != expectedBytes) {
      throw invalid("external length " + length + " where the shape takes " + expectedBytes, place);
    }
    Path file = resolve(location, place);
    try (FileChannel channel = FileChannel.open(file)) {
      if (offset > channel.size() - length) {
        throw invalid(
            "external bytes " + offset + " + " + length + " of a file of " + channel.size(), place);
      }
      ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(length));
      while (bytes.hasRemaining()) {
        if (channel.read(bytes, offset + bytes.position()) < 0) {
          throw new IOException("the file became shorter");
        }
      }
      return bytes.array();
    } catch (IOException e) {
      throw unreadable(location, place, e);
    }
  }

  private static long number(StringStringEntryProto entry, String place) {
    try {
      long value = Long.parseLong(entry.getValue());
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Falls through to the same refusal as a negative number.
    }
    throw invalid("external " + entry.getKey() + " '" + entry.getValue() + "'", place);
  }

  private Path resolve(String location, String place) {
    if (folder == null) {
      throw refused("'" + location + "' for a model that is not a file", place);
    }
    try {
      Path relative = Path.of(location);
      if (location.isBlank() || relative.isAbsolute() || location.startsWith("\\")) {
        throw refused("path '" + location + "'", place);
      }
      for (Path part : relative) {
        if (part.toString().contains("..")) {
          throw refused("path '" + location + "'", place);
        }
      }
      Path file = folder.resolve(relative);
      if (Files.exists(file) && !file.toRealPath().startsWith(folder.toRealPath())) {
        throw refused("path '" + location + "', a link", place);
      }
      return file;
    } catch (InvalidPathException e) {
      throw refused("path '" + location + "'", place);
    } catch (IOException e) {
      throw unreadable(location, place, e);
    }
  }

  private static SluiceException refused(String what, String place) {
    return new SluiceException(
        ErrorCode.ONNX_EXTERNAL_DATA_REFUSED,
        "external data at " + what,
        place,
        "keep external data in files inside the model's own folder");
  }

  private static SluiceException invalid(String what, String place) {
    return new SluiceException(
        ErrorCode.ONNX_INVALID_MODEL, what, place, "write the model and its data again");
  }

  private static SluiceException unreadable(String location, String place, IOException cause) {
    return new SluiceException(
        ErrorCode.ONNX_READ_FAILURE,
        "cannot read external data file '" + location + "'",
        place,
        "put the file beside the model",
        cause);
  }
}
