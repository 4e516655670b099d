package io.sluice.dpu.exact;

import static io.sluice.onnx.OnnxAttributes.integer;

import io.sluice.onnx.proto.TensorProto;
import java.util.List;

/** A table that is looked up. */
final class ByteTableLowering implements Lowering<ByteTableKernel> {

  @Override
  public String refusal(ByteTableKernel kernel, List<ValueRange> inputs) {
    return null;
  }

  @Override
  public FloatGraph.Value lower(
      ByteTableKernel kernel,
      List<FloatGraph.Value> inputs,
      List<ValueRange> ranges,
      FloatGraph g) {
    float[] table = new float[kernel.table().length];
    for (int i = 0; i < table.length; i++) {
      table[i] = kernel.table()[i];
    }
    String index =
        g.node(
            "Cast",
            List.of(g.add(inputs.get(0).name(), -Byte.MIN_VALUE)),
            integer("to", TensorProto.DataType.INT32_VALUE));
    return new FloatGraph.Value(
        g.node("Gather", List.of(g.floats(table, table.length), index)), kernel.output());
  }

  @Override
  public ValueRange range(ByteTableKernel kernel, List<ValueRange> inputs) {
    return inputs.get(0).map(in -> range(kernel, in));
  }

  private static ValueRange.Interval range(ByteTableKernel kernel, ValueRange.Interval in) {
    int first = kernel.table()[in.low() - Byte.MIN_VALUE];
    ValueRange.Interval range = new ValueRange.Interval(first, first);
    for (int x = in.low(); x <= in.high(); x++) {
      range = range.with(kernel.table()[x - Byte.MIN_VALUE]);
    }
    return range;
  }
}
