package io.sluice.onnx;

import io.sluice.onnx.Value.Known;
import io.sluice.onnx.Value.Live;
import io.sluice.xir.Attrs;
import io.sluice.xir.DataType;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The graph that is being built and what every ONNX tensor has become so far. */
final class ImportState {
  private final Graph graph;
  private final Map<String, Value> values = new HashMap<>();
  private final Map<String, Op> made = new HashMap<>();
  private final Set<String> reservedNames = new HashSet<>();

  /**
   * @param reservedNames names of the model's tensors, which no helper op takes
   */
  ImportState(Graph graph, Set<String> reservedNames) {
    this.graph = graph;
    this.reservedNames.addAll(reservedNames);
  }

  Graph graph() {
    return graph;
  }

  void put(String tensor, Value value) {
    if (!tensor.isEmpty()) {
      values.put(tensor, value);
    }
  }

  Value value(OnnxNode node, int input) {
    Value value = values.get(node.input(input));
    if (value == null) {
      throw node.invalid("reads tensor '" + node.input(input) + "', which nothing defines");
    }
    return value;
  }

  Value value(String tensor) {
    return values.get(tensor);
  }

  /** An input as the output of an op; a constant one becomes a {@code const} op. */
  Live live(OnnxNode node, int input) {
    Value value = value(node, input);
    return value instanceof Live live
        ? live
        : new Live(
            constant(node.input(input), ((Known) value).data()),
            Layout.identity(value.shape().rank()));
  }

  /**
   * An input whose values are needed now.
   *
   * @throws io.sluice.error.SluiceException ONNX_UNSUPPORTED_OP if they are computed at run time
   */
  TensorData known(OnnxNode node, int input) {
    if (value(node, input) instanceof Known known) {
      return known.data();
    }
    throw node.unsupported(
        node.type() + " whose input '" + node.input(input) + "' is not a constant");
  }

  /** The known integers of an input. */
  int[] integers(OnnxNode node, int input) {
    TensorData data = known(node, input);
    if (data.type().isFloat() || data.type().bytes() < 4) {
      throw node.invalid("has an input " + input + " of type " + data.type());
    }
    long[] longs = Tensors.longs(data);
    int[] values32 = new int[longs.length];
    for (int i = 0; i < longs.length; i++) {
      values32[i] = OnnxNode.clamp(longs[i]);
    }
    return values32;
  }

  /** The known floats of an input. */
  float[] reals(OnnxNode node, int input) {
    TensorData data = known(node, input);
    if (!data.type().equals(DataType.FLOAT32)) {
      throw node.invalid("has an input " + input + " of type " + data.type());
    }
    return data.toFloats();
  }

  /** A constant that the model does not have, under a name of its own; the name. */
  String hidden(String wanted, TensorData data) {
    String name = fresh(wanted);
    reservedNames.add(name);
    put(name, new Known(data));
    return name;
  }

  /** A name that no tensor of the model and no op so far has. */
  String fresh(String wanted) {
    String name = wanted;
    for (int i = 1; graph.has(name) || reservedNames.contains(name); i++) {
      name = wanted + "_" + i;
    }
    return name;
  }

  /**
   * The name for the op that gives a tensor of the model: the tensor's own, unless a constant of it
   * has taken that already.
   */
  private String nameFor(String tensor) {
    return graph.has(tensor) ? fresh(tensor) : tensor;
  }

  /**
   * A {@code const} op named after a tensor of the model; equal constants of one name are shared.
   */
  Op constant(String tensor, TensorData data) {
    TensorData stored = data.shape().rank() == 0 ? data.reshape(Shape.of(1)) : data;
    String key = "const " + tensor + " " + stored.shape() + " " + stored.hashCode();
    return made.computeIfAbsent(key, k -> graph.addConst(nameFor(tensor), stored));
  }

  /** Adds the op that computes an output of a node. */
  Live emit(
      OnnxNode node, int output, String type, Attrs attrs, Map<String, List<Op>> in, Layout l) {
    Op op = graph.add(nameFor(node.output(output)), type, attrs, in);
    Live live = new Live(op, l);
    put(node.output(output), live);
    return live;
  }

  /** Adds the op that computes a node's first output from one input. */
  Live emit(OnnxNode node, String type, Attrs attrs, Op in, Layout layout) {
    return emit(node, 0, type, attrs, Map.of("input", List.of(in)), layout);
  }

  /** Adds an op on the way to an output of a node. */
  Op helper(OnnxNode node, String suffix, String type, Attrs attrs, Op... in) {
    return graph.add(fresh(node.output(0) + suffix), type, attrs, Map.of("input", List.of(in)));
  }

  /** Adds an op on the way to an output of a node. */
  Op helper(OnnxNode node, String suffix, String type, Attrs attrs, Map<String, List<Op>> in) {
    return graph.add(fresh(node.output(0) + suffix), type, attrs, in);
  }

  /**
   * The op that holds a value in the wanted layout; a transpose or reshape is added at most once.
   */
  Op arranged(Live value, Layout wanted) {
    if (value.layout().equals(wanted)) {
      return value.op();
    }
    int[] order = value.layout().orderTo(wanted);
    String key = "arranged " + value.op().name() + " " + Layout.of(order);
    Op known = made.get(key);
    if (known != null) {
      return known;
    }
    Shape from = value.stored();
    Op op =
        from.keepsValuesTransposed(order)
            ? graph.add(
                fresh(value.op().name() + "_reshape"),
                "reshape",
                Attrs.EMPTY.with("shape", Layout.of(order).toStored(from).toArray()),
                value.op())
            : graph.add(
                fresh(value.op().name() + "_transpose"),
                "transpose",
                Attrs.EMPTY.with("order", order),
                value.op());
    made.put(key, op);
    return op;
  }

  /** The op whose values, read in order, are those of the ONNX tensor. */
  Op flat(Live value) {
    int[] order = value.layout().orderTo(Layout.identity(value.layout().rank()));
    return value.stored().keepsValuesTransposed(order)
        ? value.op()
        : arranged(value, Layout.identity(value.layout().rank()));
  }

  /** Makes an output of the model have the model's name for it and the layout of XIR's borders. */
  Op finish(String tensor) {
    Value value = values.get(tensor);
    Live live =
        value instanceof Live l
            ? l
            : new Live(
                constant(tensor, ((Known) value).data()), Layout.identity(value.shape().rank()));
    int rank = live.layout().rank();
    Op op = arranged(live, rank == 4 ? Layout.channelsLast() : Layout.identity(rank));
    if (graph.inputs().contains(op)) {
      op = graph.add(fresh(tensor), "identity", Attrs.EMPTY, op);
    }
    Op holder = graph.producer(tensor);
    if (holder != op) {
      if (holder != null) {
        rename(holder, fresh(tensor + "_stored"));
      }
      rename(op, tensor);
    }
    return op;
  }

  private static void rename(Op op, String tensor) {
    Tensor output = op.output();
    op.setOutput(output.withName(tensor));
  }

  /** The arguments of a convolution; the bias may be null. */
  static Map<String, List<Op>> arguments(Op input, Op weights, Op bias) {
    Map<String, List<Op>> in = new LinkedHashMap<>();
    in.put("input", List.of(input));
    in.put("weights", List.of(weights));
    if (bias != null) {
      in.put("bias", List.of(bias));
    }
    return in;
  }
}
