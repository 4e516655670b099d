package io.sluice.quantize;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/** How results of calibration are written as bytes and read from bytes that may be anything. */
final class ByteForm {
  private ByteForm() {}

  /** What a writer writes. */
  static byte[] bytes(Writer writer) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      writer.write(out);
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory", e);
    }
    return bytes.toByteArray();
  }

  /** Writes to a stream that only memory bounds. */
  interface Writer {
    void write(DataOutputStream out) throws IOException;
  }

  /**
   * Reads how many things follow, before there is room for them.
   *
   * @param leastBytes what each of them takes, at least
   * @throws IOException if so many do not fit into the bytes that are left
   */
  static int count(DataInputStream in, int leastBytes) throws IOException {
    int count = in.readInt();
    if (count < 0 || count > in.available() / leastBytes) {
      throw new IOException(count + " values in " + in.available() + " bytes");
    }
    return count;
  }
}
