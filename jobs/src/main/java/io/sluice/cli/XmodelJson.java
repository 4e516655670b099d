package io.sluice.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.xir.Attrs;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Subgraph;
import io.sluice.xir.Tensor;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The views of an XMODEL as JSON. */
final class XmodelJson {
  private XmodelJson() {}

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static ObjectNode summary(Graph graph) {
    ObjectNode out = object().put("name", graph.name()).put("ops", graph.ops().size());
    ObjectNode types = out.putObject("types");
    countByType(graph).forEach(types::put);
    tensors(out.putArray("inputs"), graph.inputs().stream().map(Op::output).toList());
    tensors(out.putArray("outputs"), graph.outputs().stream().map(Op::output).toList());
    out.set("root", tree(graph.root()));
    return out;
  }

  /** The number of ops of each type, by name. */
  static Map<String, Integer> countByType(Graph graph) {
    Map<String, Integer> counts = new TreeMap<>();
    graph.ops().forEach(op -> counts.merge(op.type(), 1, Integer::sum));
    return counts;
  }

  private static ObjectNode tree(Subgraph node) {
    ObjectNode out = object().put("name", node.name());
    node.device().ifPresent(device -> out.put("device", device));
    out.put("ops", node.ops().size());
    if (!node.isLeaf()) {
      ArrayNode children = out.putArray("children");
      node.children().forEach(child -> children.add(tree(child)));
    }
    return out;
  }

  static ObjectNode subgraphs(Graph graph) {
    ObjectNode out = object();
    ArrayNode subgraphs = out.putArray("subgraphs");
    int index = 0;
    for (Subgraph node : graph.root().children()) {
      ObjectNode entry = subgraphs.addObject().put("index", index++).put("name", node.name());
      node.device().ifPresent(device -> entry.put("device", device));
      entry.put("ops", node.ops().size());
      Attrs attrs = node.attrs();
      if (attrs.has("dpu_fingerprint")) {
        entry.put("fingerprint", fingerprint(attrs));
      }
      if (attrs.has("dpu_name")) {
        entry.put("target", attrs.getString("dpu_name"));
      }
      if (attrs.has("workload")) {
        entry.put("workload", attrs.getLong("workload"));
      }
      tensors(entry.putArray("inputs"), node.inputTensors());
      tensors(entry.putArray("outputs"), node.outputTensors());
      if (attrs.has("mc_code")) {
        entry.put("codeBytes", attrs.getBytes("mc_code").size());
      }
      if (attrs.has("reg_id_to_size")) {
        ArrayNode registers = entry.putArray("registers");
        DpuRegister.of(attrs)
            .forEach(
                r ->
                    registers
                        .addObject()
                        .put("name", r.name())
                        .put("context", r.context())
                        .put("bytes", r.sizeBytes()));
      }
    }
    return out;
  }

  static String fingerprint(Attrs attrs) {
    return String.format("0x%016X", attrs.getLong("dpu_fingerprint"));
  }

  static ObjectNode op(Op op) {
    ObjectNode out = object().put("name", op.name()).put("type", op.type());
    out.set("attrs", AttrView.json(op.attrs()));
    ObjectNode inputs = out.putObject("inputs");
    op.inputs()
        .forEach(
            (arg, feeding) -> {
              ArrayNode entries = inputs.putArray(arg);
              feeding.forEach(in -> entries.add(tensor(in.output()).put("op", in.name())));
            });
    ObjectNode output = tensor(op.output());
    output.set("attrs", AttrView.json(op.output().attrs()));
    out.set("output", output);
    ArrayNode readers = out.putArray("readers");
    op.fanOut().forEach(reader -> readers.add(reader.name()));
    return out;
  }

  static ObjectNode meta(Graph graph) {
    ObjectNode out = object().put("name", graph.name());
    out.set("attrs", AttrView.json(graph.attrs()));
    out.set("rootAttrs", AttrView.json(graph.root().attrs()));
    return out;
  }

  private static void tensors(ArrayNode out, List<Tensor> tensors) {
    tensors.forEach(tensor -> out.add(tensor(tensor)));
  }

  private static ObjectNode tensor(Tensor tensor) {
    ObjectNode out = object().put("name", tensor.name()).put("dtype", tensor.type().toString());
    ArrayNode shape = out.putArray("shape");
    for (int dim : tensor.shape().toArray()) {
      shape.add(dim);
    }
    if (tensor.attrs().has("fix_point")) {
      out.put("fixPoint", tensor.attrs().getInt("fix_point"));
    }
    return out;
  }
}
