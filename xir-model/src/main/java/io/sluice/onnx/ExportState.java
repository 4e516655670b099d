package io.sluice.onnx;

import static io.sluice.onnx.OnnxAttributes.ints;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.onnx.proto.AttributeProto;
import io.sluice.onnx.proto.GraphProto;
import io.sluice.onnx.proto.NodeProto;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The ONNX graph that is being built and how each op's tensor is stored in it. */
final class ExportState {
  /** A tensor of the ONNX graph: its name, and how it stores the tensor of XIR. */
  record Stored(String name, Layout layout) {}

  private final GraphProto.Builder graph;
  private final FixExports.Form form;
  private final int opset;
  private final Map<Op, Stored> stored = new HashMap<>();
  private final Map<String, String> made = new HashMap<>();
  private final Set<String> names = new HashSet<>();

  /**
   * @param reserved names of tensors of the XIR graph, which no helper tensor takes
   */
  ExportState(GraphProto.Builder graph, Set<String> reserved, FixExports.Form form, int opset) {
    this.graph = graph;
    this.form = form;
    this.opset = opset;
    this.names.addAll(reserved);
  }

  /** The opset of the model. */
  int opset() {
    return opset;
  }

  /** How {@code fix} is written. */
  FixExports.Form form() {
    return form;
  }

  /** A constant, or one behind a {@code fix}. */
  static boolean isConst(Op op) {
    return op.type().equals("const") || isFixedConst(op);
  }

  private static boolean isFixedConst(Op op) {
    return op.type().equals("fix") && op.input().type().equals("const");
  }

  /** A constant, rearranged, as an initializer; or in QDQ form as what is read from one. */
  String constant(Op op, UnaryOperator<TensorData> arrangement) {
    if (!isFixedConst(op)) {
      return constant(op.output().name(), arrangement.apply(op.constData()));
    }
    return form.quantizes()
        ? QdqExports.constant(op, this, arrangement)
        : constant(op.output().name(), arrangement.apply(FixExports.constData(op)));
  }

  void put(Op op, Stored value) {
    stored.put(op, value);
  }

  /** How an op's tensor is stored; a constant is stored as it is when something asks here. */
  Stored stored(Op op) {
    Stored value = stored.get(op);
    if (value == null && isConst(op)) {
      value =
          new Stored(
              constant(op, UnaryOperator.identity()), Layout.identity(op.output().shape().rank()));
      stored.put(op, value);
    }
    if (value == null) {
      throw new SluiceException(
          ErrorCode.VART_GRAPH_ERROR,
          "op '" + op.name() + "' is needed but is neither computed nor an input",
          "export to ONNX",
          "name it among the inputs");
    }
    return value;
  }

  String fresh(String wanted) {
    String name = wanted;
    for (int i = 1; !names.add(name); i++) {
      name = wanted + "_" + i;
    }
    return name;
  }

  /**
   * The name for an op's tensor in a layout: the tensor's own in the layout of XIR, else with the
   * layout behind it.
   */
  String nameFor(Op op, Layout layout) {
    String name = op.output().name();
    return layout.isIdentity() ? name : fresh(name + "." + layout);
  }

  /** An initializer; the same data under the same wanted name are written once. */
  String constant(String wanted, TensorData data) {
    String key = "const " + wanted + " " + data.type() + data.shape() + " " + data.hashCode();
    return made.computeIfAbsent(
        key,
        k -> {
          String name = fresh(wanted + ".value");
          graph.addInitializer(Tensors.write(name, data));
          return name;
        });
  }

  /** An INT64 vector. */
  String longTensor(String wanted, int... values) {
    long[] longs = Arrays.stream(values).asLongStream().toArray();
    return constant(wanted, TensorData.ofLongs(Shape.of(longs.length), longs));
  }

  /** The op's tensor in a layout; it is rearranged at most once for each. */
  String arranged(Op op, Layout wanted) {
    Stored from = stored(op);
    if (from.layout().equals(wanted)) {
      return from.name();
    }
    String key = "arranged " + op.name() + " " + wanted;
    String known = made.get(key);
    if (known != null) {
      return known;
    }
    int[] order = from.layout().orderTo(wanted);
    Shape shape = from.layout().toStored(op.output().shape());
    String name = nameFor(op, wanted);
    if (shape.keepsValuesTransposed(order)) {
      String target = longTensor(name + ".shape", wanted.toStored(op.output().shape()).toArray());
      node("Reshape", List.of(from.name(), target), name);
    } else {
      node("Transpose", List.of(from.name()), name, ints("perm", order));
    }
    made.put(key, name);
    return name;
  }

  /** The op's tensor, or a rearrangement of it, whose values lie in the order of XIR. */
  String flat(Op op) {
    Stored from = stored(op);
    Layout plain = Layout.identity(from.layout().rank());
    Shape shape = from.layout().toStored(op.output().shape());
    return shape.keepsValuesTransposed(from.layout().orderTo(plain))
        ? from.name()
        : arranged(op, plain);
  }

  void node(String type, List<String> inputs, String output, AttributeProto... attributes) {
    graph.addNode(
        NodeProto.newBuilder()
            .setName(output)
            .setOpType(type)
            .addAllInput(inputs)
            .addOutput(output)
            .addAllAttribute(List.of(attributes)));
  }

  /** Adds the node that gives an op's tensor in a layout. */
  void emit(Op op, Layout layout, String type, List<String> in, AttributeProto... attributes) {
    String name = nameFor(op, layout);
    node(type, in, name, attributes);
    put(op, new Stored(name, layout));
  }

  /** Adds the node that gives an op's tensor in a layout, as it is. */
  void emit(Op op, Layout layout, NodeProto node) {
    graph.addNode(node);
    put(op, new Stored(op.output().name(), layout));
  }

  /** All operands of an op with broadcasting, brought to one layout. */
  List<String> operands(Op op, Layout layout) {
    List<String> names = new ArrayList<>();
    for (Op in : op.inputs("input")) {
      Shape shape = in.output().shape();
      if (isConst(in)) {
        names.add(constant(in, layout::broadcastOperand));
      } else if (shape.rank() == layout.rank()) {
        names.add(arranged(in, layout));
      } else {
        names.add(padded(in, layout));
      }
    }
    return names;
  }

  private String padded(Op in, Layout layout) {
    Shape full = Layout.padRank(in.output().shape(), layout.rank());
    String reshaped = fresh(in.output().name() + ".padded");
    node("Reshape", List.of(flat(in), longTensor(reshaped + ".shape", full.toArray())), reshaped);
    int[] order = Layout.identity(layout.rank()).orderTo(layout);
    if (layout.isIdentity()) {
      return reshaped;
    }
    String turned = fresh(reshaped + "." + layout);
    node("Transpose", List.of(reshaped), turned, ints("perm", order));
    return turned;
  }

  /** The layout of the largest operand of the op's own rank, so that the least is moved. */
  Layout commonLayout(Op op) {
    int rank = op.output().shape().rank();
    Layout layout = Layout.identity(rank);
    int largest = -1;
    for (Op in : op.inputs("input")) {
      Shape shape = in.output().shape();
      if (!isConst(in) && shape.rank() == rank && shape.elements() > largest) {
        layout = stored(in).layout();
        largest = shape.elements();
      }
    }
    return layout;
  }
}
