package io.sluice.target;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.util.Arrays;

/** The DPU families. */
public enum DpuType {
  DPUCZDX8G(1),
  DPUCAHX8H(2),
  DPUCAHX8L(3),
  DPUCZDI4G(4),
  DPUCVDX8H(5),
  DPUCVDX8G(6),
  DPUCADF8H(7),
  IPU_PHX(8),
  DPUCV2DX8G(9);

  private final int number;

  DpuType(int number) {
    this.number = number;
  }

  /** The number in the top byte of a fingerprint. */
  public int number() {
    return number;
  }

  /**
   * @throws SluiceException TARGET_FACTORY_INVALID_TYPE if no family has this number
   */
  public static DpuType of(int number) {
    return Arrays.stream(values())
        .filter(type -> type.number == number)
        .findFirst()
        .orElseThrow(
            () ->
                new SluiceException(
                    ErrorCode.TARGET_FACTORY_INVALID_TYPE,
                    "no DPU family has number " + number,
                    "the top byte of a fingerprint",
                    "use the fingerprint that the hardware reports"));
  }
}
