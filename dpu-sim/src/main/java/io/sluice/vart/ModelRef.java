package io.sluice.vart;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.io.Serializable;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Names an XMODEL by where it lies and what it is.
 *
 * @param uri where it lies, as the {@link ModelOpener} takes it
 * @param sha256 the SHA-256 of its bytes: 64 hexadecimal digits, kept in lower case
 */
public record ModelRef(String uri, String sha256) implements Serializable {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  /**
   * @throws SluiceException VART_XMODEL_ERROR if the digest is no SHA-256
   */
  public ModelRef {
    Objects.requireNonNull(uri, "uri");
    sha256 = sha256.toLowerCase(Locale.ROOT);
    if (!SHA256.matcher(sha256).matches()) {
      throw new SluiceException(
          ErrorCode.VART_XMODEL_ERROR,
          "'" + sha256 + "' is no SHA-256",
          "reference to model " + uri,
          "give 64 hexadecimal digits, as sha256sum prints them");
    }
  }

  @Override
  public String toString() {
    return uri + " (sha256 " + sha256.substring(0, 12) + "...)";
  }
}
