package io.sluice.quantize;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.io.Serializable;
import java.util.Objects;
import java.util.Set;

/**
 * How to quantize; independent of a target. Everything is per tensor, symmetric and signed, as a
 * DPU wants it.
 *
 * @param input how the positions of the graph's inputs are found
 * @param weight how those of weights are found
 * @param bias how those of biases are found
 * @param activation how those of all other tensors are found
 * @param bitWidth the width of every stored integer: 8
 * @param refine whether channels are equalized and weights rounded by the moments of their inputs,
 *     each a further round over the samples; else weights are rounded one by one
 * @param keepFloat names or types of ops that stay in float
 */
public record QuantizeConfig(
    PositionMethod input,
    PositionMethod weight,
    PositionMethod bias,
    PositionMethod activation,
    int bitWidth,
    boolean refine,
    Set<String> keepFloat)
    implements Serializable {

  /**
   * @throws SluiceException QUANTIZER_TORCH_ILLEGAL_BITWIDTH if the width is not 8
   */
  public QuantizeConfig {
    Objects.requireNonNull(input, "input");
    Objects.requireNonNull(weight, "weight");
    Objects.requireNonNull(bias, "bias");
    Objects.requireNonNull(activation, "activation");
    keepFloat = Set.copyOf(keepFloat);
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
        PositionMethod.NON_OVERFLOW,
        method,
        PositionMethod.NON_OVERFLOW,
        method,
        8,
        false,
        Set.of());
  }

  /** The same with channels equalized and weights rounded by the moments of their inputs. */
  public QuantizeConfig refined() {
    return new QuantizeConfig(input, weight, bias, activation, bitWidth, true, keepFloat);
  }

  /**
   * The same with some ops left in float.
   *
   * @param ops their names or types
   */
  public QuantizeConfig keeping(Set<String> ops) {
    return new QuantizeConfig(input, weight, bias, activation, bitWidth, refine, ops);
  }
}
