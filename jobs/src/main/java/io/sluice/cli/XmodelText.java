package io.sluice.cli;

import static io.sluice.cli.AttrView.printable;

import io.sluice.xir.Attrs;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Subgraph;
import io.sluice.xir.Tensor;
import java.io.PrintWriter;
import java.util.List;

/** The views of an XMODEL as text. */
final class XmodelText {
  private final PrintWriter out;

  XmodelText(PrintWriter out) {
    this.out = out;
  }

  void summary(Graph graph) {
    out.printf("graph %s, %d ops%n", printable(graph.name()), graph.ops().size());
    out.println("ops by type");
    XmodelJson.countByType(graph)
        .forEach((type, count) -> out.printf("  %-28s %6d%n", printable(type), count));
    tensors("inputs", graph.inputs().stream().map(Op::output).toList(), "");
    tensors("outputs", graph.outputs().stream().map(Op::output).toList(), "");
    out.println("subgraphs");
    tree(graph.root(), "  ");
  }

  private void tree(Subgraph node, String indent) {
    out.printf(
        "%s%s%s, %d ops%n",
        indent,
        printable(node.name()),
        node.device().map(device -> " on " + printable(device)).orElse(""),
        node.ops().size());
    node.children().forEach(child -> tree(child, indent + "  "));
  }

  void subgraphs(Graph graph) {
    List<Subgraph> children = graph.root().children();
    if (children.isEmpty()) {
      out.println("no subgraphs: the model is not compiled");
    }
    for (int i = 0; i < children.size(); i++) {
      subgraph(i, children.get(i));
    }
  }

  private void subgraph(int index, Subgraph node) {
    Attrs attrs = node.attrs();
    out.printf("%d %s%n", index, printable(node.name()));
    out.printf("  device       %s%n", printable(node.device().orElse("not set")));
    out.printf("  ops          %d%n", node.ops().size());
    if (attrs.has("dpu_name")) {
      out.printf("  target       %s%n", printable(attrs.getString("dpu_name")));
    }
    if (attrs.has("dpu_fingerprint")) {
      out.printf("  fingerprint  %s%n", XmodelJson.fingerprint(attrs));
    }
    if (attrs.has("workload")) {
      out.printf("  workload     %s%n", AttrView.text(attrs.get("workload")));
    }
    if (attrs.has("mc_code")) {
      out.printf("  code         %s%n", AttrView.text(attrs.get("mc_code")));
    }
    tensors("inputs", node.inputTensors(), "  ");
    tensors("outputs", node.outputTensors(), "  ");
    DpuRegister.of(attrs)
        .forEach(
            r ->
                out.printf(
                    "  %-12s %s, %d bytes%n", printable(r.name()), r.context(), r.sizeBytes()));
  }

  void op(Op op) {
    out.printf("op %s (%s)%n", printable(op.name()), printable(op.type()));
    attrs("attributes", op.attrs());
    op.inputs()
        .forEach(
            (arg, feeding) ->
                tensors(printable(arg), feeding.stream().map(Op::output).toList(), ""));
    tensors("output", List.of(op.output()), "");
    attrs("attributes of the output", op.output().attrs());
    out.println("read by");
    op.fanOut().forEach(r -> out.printf("  %s (%s)%n", printable(r.name()), printable(r.type())));
  }

  void meta(Graph graph) {
    out.printf("graph %s%n", printable(graph.name()));
    attrs("attributes", graph.attrs());
    attrs("attributes of the root subgraph", graph.root().attrs());
  }

  private void attrs(String title, Attrs attrs) {
    out.println(title);
    attrs
        .asMap()
        .forEach(
            (name, value) ->
                out.printf(
                    "  %-24s %-10s %s%n", printable(name), value.type(), AttrView.text(value)));
  }

  private void tensors(String title, List<Tensor> tensors, String indent) {
    out.println(indent + title);
    for (Tensor tensor : tensors) {
      String fixPoint =
          tensor.attrs().has("fix_point")
              ? ", fix_point " + AttrView.text(tensor.attrs().get("fix_point"))
              : "";
      out.printf(
          "%s  %s %s %s%s%n",
          indent, printable(tensor.name()), tensor.type(), tensor.shape(), fixPoint);
    }
  }
}
