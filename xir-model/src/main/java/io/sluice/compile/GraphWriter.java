package io.sluice.compile;

import com.google.protobuf.ByteString;
import io.sluice.xir.AttrValue;
import io.sluice.xir.Attrs;
import io.sluice.xir.DataType;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.Map;

/** Adds ops to the compiled graph, each with its device, under names that are still free. */
final class GraphWriter {
  private final Graph graph;

  GraphWriter(Graph graph) {
    this.graph = graph;
  }

  Graph graph() {
    return graph;
  }

  /** The attributes of a fixed-point tensor or of an op between the two worlds. */
  static Attrs fix(int position) {
    return Attrs.EMPTY
        .with("fix_point", position)
        .with("bit_width", 8)
        .with("if_signed", true)
        .with("round_mode", "DPU_ROUND");
  }

  /** An op of XINT8 values. */
  Op fixed(
      String name,
      String type,
      Attrs attrs,
      Map<String, List<Op>> inputs,
      String tensor,
      Shape shape,
      int position,
      Device device) {
    Tensor output = new Tensor(freeTensor(tensor), DataType.XINT8, shape, fix(position));
    return graph.add(freeName(name), type, attrs.with("device", device.name()), inputs, output);
  }

  /** A {@code const-fix} op; it keeps its data. */
  Op constant(FixedTensor values) {
    Shape shape = values.shape();
    Attrs attrs = constAttrs(values.data()).with("device", Device.DPU.name());
    Tensor output =
        new Tensor(
            freeTensor(values.name()),
            DataType.XINT8,
            shape,
            fix(values.position()).with("round_mode", "PY3_ROUND"));
    return graph.add(freeName(values.name()), "const-fix", attrs, Map.of(), output);
  }

  /** A {@code const} op for the CPU. */
  Op constant(String name, TensorData values) {
    Attrs attrs = constAttrs(values).with("device", Device.CPU.name());
    Tensor output = new Tensor(freeTensor(name), values.type(), values.shape());
    return graph.add(freeName(name), "const", attrs, Map.of(), output);
  }

  private static Attrs constAttrs(TensorData data) {
    return Attrs.EMPTY
        .with("shape", data.shape().toArray())
        .with("data_type", data.type().toString())
        .with("data", AttrValue.of(ByteString.copyFrom(data.array())));
  }

  /** An op of float or other unquantized values, as it was in the quantized graph. */
  Op copy(Op op, Map<String, List<Op>> inputs, Device device) {
    return graph.add(
        freeName(op.name()),
        op.type(),
        op.attrs().with("device", device.name()),
        inputs,
        op.output().withName(freeTensor(op.output().name())));
  }

  /** Integers to floats. */
  Op toFloat(String tensor, Op fixed) {
    int position = fixed.output().attrs().getInt("fix_point");
    return graph.add(
        freeName(tensor),
        "fix2float",
        fix(position).with("device", Device.CPU.name()),
        Map.of("input", List.of(fixed)),
        new Tensor(freeTensor(tensor), DataType.FLOAT32, fixed.output().shape()));
  }

  /** Floats to integers. */
  Op toFixed(String name, String tensor, Op floats, int position) {
    return fixed(
        name,
        "float2fix",
        fix(position),
        Map.of("input", List.of(floats)),
        tensor,
        floats.output().shape(),
        position,
        Device.CPU);
  }

  private String freeName(String wanted) {
    return wanted + suffix(wanted, true);
  }

  private String freeTensor(String wanted) {
    return wanted + suffix(wanted, false);
  }

  private String suffix(String wanted, boolean op) {
    String suffix = "";
    for (int i = 1; taken(wanted + suffix, op); i++) {
      suffix = "_" + i;
    }
    return suffix;
  }

  private boolean taken(String name, boolean op) {
    return op ? graph.has(name) : graph.producer(name) != null;
  }
}
