package io.sluice.quantize;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.io.Serializable;
import java.util.Objects;

/**
 * How to quantize; independent of a target. Everything is per tensor, symmetric and signed, as a
 * DPU wants it.
 *
 * @param input how the positions of the graph's inputs are found
 * @param weight how those of weights are found
 * @param bias how those of biases are found
 * @param activation how those of all other tensors are found
 * @param bitWidth the width of every stored integer: 8
 */
public record QuantizeConfig(
    PositionMethod input,
    PositionMethod weight,
    PositionMethod bias,
    PositionMethod activation,
    int bitWidth)
    implements Serializable {

  /**
   * @throws SluiceException QUANTIZER_TORCH_ILLEGAL_BITWIDTH if the width is not 8
   */
  public QuantizeConfig {
    Objects.requireNonNull(input, "input");
    Objects.requireNonNull(weight, "weight");
    Objects.requireNonNull(bias, "bias");
    Objects.requireNonNull(activation, "activation");
    if (bitWidth != 8) {
      throw new SluiceException(
          ErrorCode.QUANTIZER_TORCH_ILLEGAL_BITWIDTH,
          "a bit width of " + bitWidth,
          "quantize configuration",
          "use 8, the only width that a DPU computes with");
    }
  }

  /**
   * The defaults of the Vitis AI quantizer: least squared error for weights and activations, no
   * overflow for inputs and biases.
   */
  public static QuantizeConfig standard() {
    return of(PositionMethod.MIN_MSE);
  }

  /** A method for weights and activations; inputs and biases never overflow. */
  public static QuantizeConfig of(PositionMethod method) {
    return new QuantizeConfig(
        PositionMethod.NON_OVERFLOW, method, PositionMethod.NON_OVERFLOW, method, 8);
  }
}
