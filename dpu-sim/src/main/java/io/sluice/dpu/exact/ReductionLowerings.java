package io.sluice.dpu.exact;

import static io.sluice.onnx.OnnxAttributes.integer;
import static io.sluice.onnx.OnnxAttributes.ints;

import io.sluice.onnx.proto.TensorProto;
import io.sluice.xir.Shape;
import java.util.List;
import java.util.stream.IntStream;

/** ReduceMax and ArgMax, which only choose, on tensors in the order of XIR. */
final class ReductionLowerings {
  private ReductionLowerings() {}

  /** {@code reduction_max-fix}. */
  record Max(FloatArithmetic arithmetic) implements Lowering<ReduceMaxKernel> {
    @Override
    public String refusal(ReduceMaxKernel kernel, List<ValueRange> inputs) {
      int shift = kernel.requantize().shift();
      return shift <= FloatArithmetic.MAX_SHIFT ? null : "shift " + shift;
    }

    @Override
    public FloatGraph.Value lower(
        ReduceMaxKernel kernel,
        List<FloatGraph.Value> inputs,
        List<ValueRange> ranges,
        FloatGraph g) {
      int[] axes =
          IntStream.range(0, kernel.reduced().length).filter(i -> kernel.reduced()[i]).toArray();
      String largest =
          g.node(
              "ReduceMax",
              List.of(g.channelsLast(inputs.get(0))),
              ints("axes", axes),
              integer("keepdims", 0));
      String shaped = g.reshape(largest, kernel.output().toArray());
      // held in the order of XIR here, so in no blocks
      Shape flat = Shape.of(kernel.output().elements());
      return g.fromChannelsLast(
          arithmetic.requantize(g, shaped, kernel.requantize(), flat), kernel.output());
    }

    @Override
    public ValueRange range(ReduceMaxKernel kernel, List<ValueRange> inputs) {
      return inputs.get(0).mixed().map(kernel.requantize());
    }
  }

  /** {@code argmax-fix}. */
  record ArgMax() implements Lowering<ArgMaxKernel> {
    @Override
    public String refusal(ArgMaxKernel kernel, List<ValueRange> inputs) {
      return kernel.input().dim(kernel.axis()) <= AccumulatorBound.EXACT
          ? null
          : "indices beyond 2^24";
    }

    @Override
    public FloatGraph.Value lower(
        ArgMaxKernel kernel, List<FloatGraph.Value> inputs, List<ValueRange> ranges, FloatGraph g) {
      String index =
          g.node(
              "ArgMax",
              List.of(g.channelsLast(inputs.get(0))),
              integer("axis", kernel.axis()),
              integer("keepdims", 0));
      String value =
          g.node("Cast", List.of(index), integer("to", TensorProto.DataType.FLOAT_VALUE));
      return g.fromChannelsLast(g.reshape(value, kernel.output().toArray()), kernel.output());
    }

    @Override
    public ValueRange range(ArgMaxKernel kernel, List<ValueRange> inputs) {
      return new ValueRange(0, kernel.input().dim(kernel.axis()) - 1);
    }
  }
}
