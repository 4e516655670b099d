package io.sluice.compile;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xir.Attrs;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.Tensor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The options {@code output_ops} and {@code input_shape}: a copy of a quantized graph that ends at
 * named ops and whose only input has another shape. A named op with a {@code fix} of its own ends
 * behind that, so that the result keeps its position.
 */
final class GraphExtract {
  private GraphExtract() {}

  /**
   * @throws SluiceException XCOM_USER_INVALID_OUTPUT_OPS if an output op is not in the graph;
   *     SLUICE_USAGE if a shape is given and there is not one input or a custom op, whose output
   *     cannot be inferred; what {@link Graph#add} throws if an op does not fit the shape
   */
  static Graph apply(Graph source, CompileOptions options) {
    if (options.outputOps().isEmpty() && options.inputShape().isEmpty()) {
      return source;
    }
    Set<Op> wanted = wanted(source, options.outputOps());
    Graph graph = new Graph(source.name(), source.library());
    graph.setAttrs(source.attrs());
    Shape shape = options.inputShape().orElse(null);
    if (shape != null && wanted.stream().filter(GraphExtract::isInput).count() != 1) {
      throw noShape("the graph has not exactly one input", "leave it out");
    }
    Map<Op, Op> copies = new HashMap<>();
    for (Op op : source.topologicalOrder()) {
      if (wanted.contains(op)) {
        copies.put(op, copy(op, graph, copies, shape));
      }
    }
    return graph;
  }

  private static Set<Op> wanted(Graph source, List<String> names) {
    if (names.isEmpty()) {
      return new HashSet<>(source.ops());
    }
    Set<Op> wanted = new HashSet<>();
    Deque<Op> open = new ArrayDeque<>();
    for (String name : names) {
      if (!source.has(name)) {
        throw new SluiceException(
            ErrorCode.XCOM_USER_INVALID_OUTPUT_OPS,
            "there is no op '" + name + "'",
            "compile option 'output_ops'",
            "name ops that sluice xmodel lists");
      }
      Op op = source.op(name);
      Op reader = Tail.soleReader(op);
      open.add(reader != null && FixPositions.isFix(reader) ? reader : op);
    }
    while (!open.isEmpty()) {
      Op op = open.remove();
      if (wanted.add(op)) {
        open.addAll(op.allInputs());
      }
    }
    return wanted;
  }

  private static Op copy(Op op, Graph graph, Map<Op, Op> copies, Shape inputShape) {
    Map<String, List<Op>> inputs = new LinkedHashMap<>();
    op.inputs().forEach((arg, ops) -> inputs.put(arg, ops.stream().map(copies::get).toList()));
    Tensor old = op.output();
    if (inputShape == null) {
      return graph.add(op.name(), op.type(), op.attrs(), inputs, old);
    }
    if (op.def().inference() == null) {
      throw noShape(
          "the output of the custom op '" + op.name() + "' cannot be inferred",
          "export the model with this shape");
    }
    Attrs attrs = isInput(op) ? op.attrs().with("shape", inputShape.toArray()) : op.attrs();
    Op copy = graph.add(op.name(), op.type(), attrs, inputs);
    copy.setOutput(new Tensor(old.name(), old.type(), copy.output().shape(), old.attrs()));
    return copy;
  }

  private static boolean isInput(Op op) {
    return op.type().equals("data");
  }

  private static SluiceException noShape(String why, String remedy) {
    return new SluiceException(ErrorCode.SLUICE_USAGE, why, "compile option 'input_shape'", remedy);
  }
}
