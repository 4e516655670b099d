package io.sluice.xir;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * NumPy's array files: {@code .npy} with one tensor, {@code .npz} (a zip of those) with several by
 * name. Little-endian, C order; f4, f8 (read as FLOAT32), i1, u1, i4 and i8. The format is NumPy's
 * NEP 1, versions 1 to 3.
 */
public final class Npy {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int MAX_HEADER_BYTES = 1 << 16;
  private static final int HEADER_ALIGNMENT = 64;
  private static final int CHUNK_BYTES = 1 << 20;
  private static final Pattern DESCR = Pattern.compile("'descr'\\s*:\\s*'([^']*)'");
  private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([0-9,\\s]*)\\)");

  private Npy() {}

  /**
   * Reads a file, {@code .npy} or {@code .npz} by its first bytes.
   *
   * @param single the name under which the tensor of an {@code .npy} is returned
   * @param maxBytes what the tensors may take together
   * @return tensors by name, in the order of the file
   * @throws SluiceException SLUICE_IO if the file cannot be read or is neither, SLUICE_LIMIT if it
   *     holds more
   */
  public static Map<String, TensorData> read(Path file, String single, long maxBytes) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] start = in.readNBytes(2);
      boolean zip = start.length == 2 && start[0] == 'P' && start[1] == 'K';
      try (InputStream again = Files.newInputStream(file)) {
        return zip
            ? readZip(again, file.toString(), maxBytes)
            : Map.of(single, read(again, file.toString(), maxBytes));
      }
    } catch (IOException e) {
      throw new SluiceException(
          ErrorCode.SLUICE_IO,
          "cannot read (" + e + ")",
          file.toString(),
          "name a readable .npy or .npz file",
          e);
    }
  }

  private static Map<String, TensorData> readZip(InputStream in, String place, long maxBytes)
      throws IOException {
    Map<String, TensorData> tensors = new LinkedHashMap<>();
    long left = maxBytes;
    try (ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (entry.getName().endsWith(".npy")) {
          String name = entry.getName().substring(0, entry.getName().length() - 4);
          TensorData tensor = read(zip, place + ":" + name, left);
          left -= tensor.array().length;
          tensors.put(name, tensor);
        }
      }
    }
    return tensors;
  }

  /**
   * Reads one array and leaves the stream behind it.
   *
   * @param place where the bytes are from, for messages
   * @throws SluiceException SLUICE_IO if the bytes are no such array, SLUICE_LIMIT if it is larger
   *     than allowed
   */
  public static TensorData read(InputStream stream, String place, long maxBytes) {
    try {
      DataInputStream in = new DataInputStream(stream);
      byte[] magic = in.readNBytes(MAGIC.length);
      if (!java.util.Arrays.equals(magic, MAGIC)) {
        throw bad("not a NumPy array", place);
      }
      int major = in.readUnsignedByte();
      in.readUnsignedByte();
      if (major < 1 || major > 3) {
        throw bad("NumPy array format " + major, place);
      }
      long length =
          major == 1
              ? Short.toUnsignedLong(Short.reverseBytes(in.readShort()))
              : Integer.toUnsignedLong(Integer.reverseBytes(in.readInt()));
      if (length > MAX_HEADER_BYTES) {
        throw bad("a header of " + length + " bytes", place);
      }
      byte[] header = new byte[(int) length];
      in.readFully(header);
      return data(in, new String(header, StandardCharsets.UTF_8), place, maxBytes);
    } catch (EOFException e) {
      throw new SluiceException(
          ErrorCode.SLUICE_IO, "the array ends early", place, "write the file again", e);
    } catch (IOException e) {
      throw new SluiceException(
          ErrorCode.SLUICE_IO, "cannot read (" + e + ")", place, "copy or save the file again", e);
    }
  }

  private static TensorData data(DataInputStream in, String header, String place, long maxBytes)
      throws IOException {
    String descr = find(DESCR, header, place);
    if (find(ORDER, header, place).equals("True")) {
      throw bad("Fortran order", place);
    }
    Shape shape = Shape.of(shape(find(SHAPE, header, place), place));
    boolean wide = descr.equals("<f8");
    DataType type =
        switch (descr) {
          case "<f4", "<f8" -> DataType.FLOAT32;
          case "|i1", "<i1" -> DataType.INT8;
          case "|u1", "<u1" -> DataType.UINT8;
          case "<i4" -> DataType.INT32;
          case "<i8" -> DataType.INT64;
          default -> throw bad("element type '" + descr + "'", place);
        };
    long bytes = (long) shape.elements() * (wide ? Double.BYTES : type.bytes());
    if (bytes > maxBytes || bytes > Shape.MAX_ELEMENTS) {
      throw new SluiceException(
          ErrorCode.SLUICE_LIMIT,
          "an array " + shape + " of " + bytes + " bytes where " + maxBytes + " are allowed",
          place,
          "give a smaller array");
    }
    byte[] values = readGrowing(in, (int) bytes);
    return TensorData.wrap(type, shape, wide ? narrow(values) : values);
  }

  /** Takes memory only as bytes arrive, so a header cannot claim what the file does not have. */
  private static byte[] readGrowing(DataInputStream in, int bytes) throws IOException {
    if (bytes <= CHUNK_BYTES) {
      byte[] all = new byte[bytes];
      in.readFully(all);
      return all;
    }
    byte[] all = in.readNBytes(bytes);
    if (all.length < bytes) {
      throw new EOFException();
    }
    return all;
  }

  private static byte[] narrow(byte[] doubles) {
    ByteBuffer from = ByteBuffer.wrap(doubles).order(ByteOrder.LITTLE_ENDIAN);
    byte[] floats = new byte[doubles.length / 2];
    ByteBuffer to = ByteBuffer.wrap(floats).order(ByteOrder.LITTLE_ENDIAN);
    while (from.hasRemaining()) {
      to.putFloat((float) from.getDouble());
    }
    return floats;
  }

  private static int[] shape(String text, String place) {
    try {
      return Pattern.compile("[,\\s]+")
          .splitAsStream(text.strip())
          .filter(s -> !s.isEmpty())
          .mapToInt(Integer::parseInt)
          .toArray();
    } catch (NumberFormatException e) {
      throw bad("shape (" + text + ")", place);
    }
  }

  private static String find(Pattern pattern, String header, String place) {
    Matcher m = pattern.matcher(header);
    if (!m.find()) {
      throw bad("a header without " + pattern.pattern().split("'")[1], place);
    }
    return m.group(1);
  }

  /** One tensor as the bytes of an {@code .npy}, version 1. */
  public static byte[] toBytes(TensorData tensor) {
    String descr =
        switch (tensor.type().toString()) {
          case "FLOAT32" -> "<f4";
          case "INT8", "XINT8" -> "|i1";
          case "UINT8", "XUINT8" -> "|u1";
          case "INT32" -> "<i4";
          case "INT64" -> "<i8";
          default -> throw bad("element type " + tensor.type(), "tensor " + tensor);
        };
    Shape shape = tensor.shape();
    String dims =
        IntStream.of(shape.toArray()).mapToObj(Integer::toString).collect(Collectors.joining(", "));
    String header =
        "{'descr': '"
            + descr
            + "', 'fortran_order': False, 'shape': ("
            + dims
            + (shape.rank() == 1 ? ",), }" : "), }");
    int before = MAGIC.length + 4;
    int length = before + header.length() + 1;
    int padded = (length + HEADER_ALIGNMENT - 1) / HEADER_ALIGNMENT * HEADER_ALIGNMENT;
    ByteArrayOutputStream out = new ByteArrayOutputStream(padded + tensor.array().length);
    out.writeBytes(MAGIC);
    out.write(1);
    out.write(0);
    out.write(padded - before);
    out.write((padded - before) >> 8);
    out.writeBytes(header.getBytes(StandardCharsets.US_ASCII));
    for (int i = length; i < padded; i++) {
      out.write(' ');
    }
    out.write('\n');
    out.writeBytes(tensor.array());
    return out.toByteArray();
  }

  private static SluiceException bad(String thing, String place) {
    return new SluiceException(
        ErrorCode.SLUICE_IO,
        thing,
        place,
        "save it with numpy.save: little-endian, C order, float32, float64, int8, uint8, int32 or"
            + " int64");
  }
}
