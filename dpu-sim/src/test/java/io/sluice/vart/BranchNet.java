package io.sluice.vart;

import io.sluice.xir.Attrs;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Subgraphs in all the ways of the guide's Table 32: a DPU's tensor goes to two CPU subgraphs (d)
 * and one of them has no other input (a), their floats and the DPU's integers meet in a third (c,
 * e), which feeds a DPU again (b).
 */
final class BranchNet {
  final Graph graph = new Graph("branches");
  final Shape shape;

  BranchNet(Shape shape) {
    this.shape = shape;
    Op x =
        graph.add(
            "x", "data-fix", Attrs.EMPTY.with("shape", shape.toArray()).with("data_type", "XINT8"));
    x.setOutput(x.output().withAttrs(fix(3)));
    Op up = moved("up", "upload", x, 3);
    Op left = graph.add("left", "fix2float", fix(3), up);
    Op relu = graph.add("relu", "relu", Attrs.EMPTY, left);
    Op right = graph.add("right", "fix2float", fix(3), up);
    Op tanh = graph.add("tanh", "tanh", Attrs.EMPTY, right);
    Op middle = graph.add("middle", "fix2float", fix(3), up);
    Op both = graph.add("both", "add", Attrs.EMPTY, relu, tanh);
    Op sum = graph.add("sum", "add", Attrs.EMPTY, both, middle);
    Op stored = graph.add("stored", "float2fix", fix(2), sum);
    stored.setOutput(stored.output().withAttrs(fix(2)));
    Op down = moved("down", "download", stored, 2);
    Map<String, List<Op>> parts = new LinkedHashMap<>();
    parts.put("USER", List.of(x));
    parts.put("DPU up", List.of(up));
    parts.put("CPU left", List.of(left, relu));
    parts.put("CPU right", List.of(right, tanh));
    parts.put("CPU sum", List.of(middle, both, sum, stored));
    parts.put("DPU down", List.of(down));
    graph.root().createChildren(new ArrayList<>(parts.values()));
    int i = 0;
    for (String name : parts.keySet()) {
      graph.root().children().get(i++).setAttrs(Attrs.EMPTY.with("device", name.split(" ")[0]));
    }
  }

  TensorData input(long seed) {
    byte[] values = new byte[shape.elements()];
    new Random(seed).nextBytes(values);
    return TensorData.wrap(graph.op("x").output().type(), shape, values);
  }

  private Op moved(String name, String type, Op in, int position) {
    Op op = graph.add(name, type, Attrs.EMPTY, in);
    op.setOutput(op.output().withAttrs(fix(position)));
    return op;
  }

  private static Attrs fix(int position) {
    return Attrs.EMPTY
        .with("fix_point", position)
        .with("bit_width", 8)
        .with("if_signed", true)
        .with("round_mode", "DPU_ROUND");
  }
}
