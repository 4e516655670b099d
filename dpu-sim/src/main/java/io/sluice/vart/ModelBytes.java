package io.sluice.vart;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Reads a model's bytes and makes sure that they are the ones that were named. */
final class ModelBytes {
  private static final int CHUNK_BYTES = 1 << 16;

  private ModelBytes() {}

  /**
   * @param maxBytes a longer model is refused while it is read
   * @throws SluiceException VART_FAILED_FILE_OPERATION if it cannot be read; SLUICE_LIMIT if it is
   *     longer than {@code maxBytes}; VART_XMODEL_ERROR if its digest is another
   */
  static byte[] read(ModelRef ref, ModelOpener opener, long maxBytes) {
    MessageDigest digest = sha256();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(CHUNK_BYTES);
    try (InputStream in = opener.open(ref.uri())) {
      byte[] chunk = new byte[CHUNK_BYTES];
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        if (bytes.size() + (long) n > maxBytes) {
          throw new SluiceException(
              ErrorCode.SLUICE_LIMIT,
              "the model is longer than " + maxBytes + " bytes",
              "model " + ref,
              "check that the URI names an XMODEL");
        }
        digest.update(chunk, 0, n);
        bytes.write(chunk, 0, n);
      }
    } catch (IOException e) {
      throw new SluiceException(
          ErrorCode.VART_FAILED_FILE_OPERATION,
          "cannot read the model: " + e,
          "model " + ref,
          "check that the URI can be read from this machine",
          e);
    }
    String found = HexFormat.of().formatHex(digest.digest());
    if (!found.equals(ref.sha256())) {
      throw new SluiceException(
          ErrorCode.VART_XMODEL_ERROR,
          "the model's SHA-256 is " + found + ", not " + ref.sha256(),
          "model " + ref.uri(),
          "name the digest of this file, or restore the file");
    }
    return bytes.toByteArray();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
