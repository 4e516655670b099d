package io.sluice.compile;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.target.DpuTarget;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A private copy of a quantized graph in the form that lowering expects: a {@code fix} that follows
 * an op which only selects values is repeated before it, where the values are made. Rounding each
 * value before or after it is moved gives the same. Strides of 1x1 convolutions are moved upstream
 * ({@link FakeDownsample}), and bilinear resizes become convolutions where the target has these
 * ({@link BilinearResize}).
 */
final class QuantizedGraph {
  private QuantizedGraph() {}

  /**
   * @throws SluiceException XCOM_FRONTEND_QUANT_ATTR_MISSING if the graph has no {@code fix} op,
   *     XIR_UNEXPECTED_VALUE if it is already compiled
   */
  static Graph prepare(Graph source, DpuTarget target) {
    if (source.ops().stream().anyMatch(op -> op.type().endsWith("-fix"))) {
      throw refused(
          ErrorCode.XIR_UNEXPECTED_VALUE,
          "it has fixed-point ops already",
          source,
          "give the quantizer's output");
    }
    if (source.ops().stream().noneMatch(FixPositions::isFix)) {
      throw refused(
          ErrorCode.XCOM_FRONTEND_QUANT_ATTR_MISSING,
          "it has no fix op of 8 signed bits",
          source,
          "quantize it first");
    }
    Graph graph = copy(source);
    List<Op> order = graph.topologicalOrder();
    for (int i = order.size() - 1; i >= 0; i--) {
      Op op = order.get(i);
      Op fix = Tail.soleReader(op);
      if (FixPositions.preserves(op) && !Taken.is(op) && fix != null && FixPositions.isFix(fix)) {
        List.copyOf(op.inputs("input")).forEach(in -> repeatFix(graph, in, op, fix));
      }
    }
    return FakeDownsample.apply(new BilinearResize(target).apply(graph));
  }

  private static void repeatFix(Graph graph, Op in, Op reader, Op fix) {
    boolean fixed = new FixPositions().of(in).isPresent() || in.type().equals("data");
    if (fixed || FixPositions.isConst(in) || Tail.soleReader(in) != reader) {
      return;
    }
    String name = in.name() + "_fix_before_" + reader.name();
    Op before = graph.add(name, "fix", fix.attrs(), in);
    graph.replaceUses(in, before);
    if (FixPositions.preserves(in)) {
      List.copyOf(in.inputs("input")).forEach(up -> repeatFix(graph, up, in, before));
    }
  }

  static Graph copy(Graph source) {
    Graph graph = new Graph(source.name(), source.library());
    graph.setAttrs(source.attrs());
    Map<Op, Op> copies = new HashMap<>();
    for (Op op : source.topologicalOrder()) {
      Map<String, List<Op>> inputs = new LinkedHashMap<>();
      op.inputs().forEach((arg, ops) -> inputs.put(arg, ops.stream().map(copies::get).toList()));
      copies.put(op, graph.add(op.name(), op.type(), op.attrs(), inputs, op.output()));
    }
    return graph;
  }

  private static SluiceException refused(ErrorCode code, String why, Graph graph, String remedy) {
    return new SluiceException(code, "not a quantized graph: " + why, graph.toString(), remedy);
  }
}
