package io.sluice.xir;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;

/**
 * How a value is rounded to an integer; the names are those of the attribute {@code round_mode}.
 */
public enum RoundMode {
  /** Half toward plus infinity: inputs and activations. */
  DPU_ROUND {
    @Override
    public double round(double value) {
      return Math.floor(value + 0.5);
    }
  },
  /** Half to even: weights and biases. */
  PY3_ROUND {
    @Override
    public double round(double value) {
      return Math.rint(value);
    }
  },
  /** Half away from zero. */
  STD_ROUND {
    @Override
    public double round(double value) {
      return Math.copySign(Math.floor(Math.abs(value) + 0.5), value);
    }
  };

  /**
   * Rounds to an integer. Exact when the value is a float scaled by a power of two, which is what
   * quantization asks for: with its 29 spare bits a double holds the value plus one half.
   */
  public abstract double round(double value);

  /**
   * @throws SluiceException XIR_UNEXPECTED_VALUE if there is no mode of this name
   */
  public static RoundMode parse(String name) {
    for (RoundMode mode : values()) {
      if (mode.name().equals(name)) {
        return mode;
      }
    }
    throw new SluiceException(
        ErrorCode.XIR_UNEXPECTED_VALUE,
        "unknown rounding '" + name + "'",
        "attribute 'round_mode'",
        "use DPU_ROUND, PY3_ROUND or STD_ROUND");
  }
}
