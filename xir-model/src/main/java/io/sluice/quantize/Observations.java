package io.sluice.quantize;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;

/** Reads observations and merges them. */
public final class Observations {
  private Observations() {}

  /** Of no sample. */
  public static Observation none() {
    return CalibrationStatistics.empty();
  }

  /**
   * Reads what {@link Observation#toBytes} of any round wrote.
   *
   * @throws SluiceException QUANTIZER_TORCH_NO_CALIB_RESULT if the bytes are something else
   */
  public static Observation fromBytes(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      return switch (in.readInt()) {
        case ChannelRanges.MAGIC -> ChannelRanges.read(in);
        case Moments.MAGIC -> Moments.read(in);
        default -> CalibrationStatistics.fromBytes(bytes);
      };
    } catch (IOException e) {
      throw new SluiceException(
          ErrorCode.QUANTIZER_TORCH_NO_CALIB_RESULT,
          "unreadable observations (" + e + ")",
          bytes.length + " bytes of stored observations",
          "give the whole file that the calibration wrote, or calibrate again",
          e);
    }
  }

  static SluiceException mismatch(Observation a, Observation b) {
    return new SluiceException(
        ErrorCode.QUANTIZER_TORCH_CALIB_RESULT_MISMATCH,
        "observations of two rounds or graphs: " + a + " and " + b,
        "observations of calibration samples",
        "merge what one round of one network has observed");
  }
}
