package io.sluice.xir.custom;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xir.Op;
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.function.Function;

/** A custom op that can be computed. */
public record CustomStep(Op op, OpImplementation implementation) {
  /**
   * Computes the op.
   *
   * @param values the values of the ops that feed it
   * @return values of the type and shape of its output
   * @throws SluiceException VART_TENSOR_INFO_ERROR if the implementation gives another type or
   *     shape, VART_GRAPH_ERROR if it fails; and what it throws of this kind itself
   */
  public TensorData run(Function<Op, TensorData> values) {
    List<TensorData> inputs = op.allInputs().stream().map(values).toList();
    TensorData result;
    try {
      result = implementation.calculate(op, inputs);
    } catch (SluiceException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new SluiceException(
          ErrorCode.VART_GRAPH_ERROR,
          name() + " failed: " + e,
          place(),
          "correct the implementation, or feed it what it takes",
          e);
    }
    if (result == null
        || !result.type().equals(op.output().type())
        || !result.shape().equals(op.output().shape())) {
      String given = result == null ? "nothing" : result.type() + " " + result.shape();
      throw new SluiceException(
          ErrorCode.VART_TENSOR_INFO_ERROR,
          name() + " gives " + given,
          place(),
          "give " + op.output().type() + " " + op.output().shape());
    }
    return result;
  }

  private String name() {
    return implementation.getClass().getName();
  }

  private String place() {
    return "op '" + op.name() + "' (" + op.type() + ")";
  }
}
