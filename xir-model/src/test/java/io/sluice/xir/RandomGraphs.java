package io.sluice.xir;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Graphs of element-wise ops with attributes of every type and a random subgraph tree. */
final class RandomGraphs {
  private final Random random;

  private RandomGraphs(long seed) {
    this.random = new Random(seed);
  }

  static Graph of(long seed) {
    return new RandomGraphs(seed).graph();
  }

  private Graph graph() {
    Graph graph = new Graph("g" + random.nextInt(100));
    graph.setAttrs(attrs());
    List<Op> ops = new ArrayList<>();
    ops.add(
        graph.add(
            "in", "data", attrs().with("shape", new int[] {1, 4}).with("data_type", "FLOAT32")));
    ops.add(graph.addConst("weights", TensorData.ofFloats(Shape.of(1, 4), 1, 2, 3, 4)));
    for (int i = random.nextInt(12); i > 0; i--) {
      String name = "op " + i + " äöü/" + random.nextInt();
      Op first = ops.get(random.nextInt(ops.size()));
      Op second = ops.get(random.nextInt(ops.size()));
      Map<String, List<Op>> inputs = new HashMap<>();
      inputs.put("input", List.of(first, second));
      String type = List.of("add", "mul", "my-custom").get(random.nextInt(3));
      Attrs attrs = attrs();
      if (type.equals("my-custom")) {
        attrs = attrs.with("shape", new int[] {1, 4}).with("data_type", "FLOAT32");
      }
      Tensor output = new Tensor(name + "_out", type(), Shape.of(1, 4), attrs());
      ops.add(graph.add(name, type, attrs, inputs, output));
    }
    split(graph.root(), 2);
    return graph;
  }

  private DataType type() {
    DataType.Kind kind = DataType.Kind.values()[random.nextInt(6)];
    return new DataType(kind, 1 + random.nextInt(64));
  }

  /** Cuts the topological order into runs, which never need each other's results in turn. */
  private void split(Subgraph node, int depth) {
    node.setAttrs(attrs());
    List<Op> ops = node.ops();
    if (depth == 0 || ops.size() < 2 || random.nextInt(4) == 0) {
      return;
    }
    List<List<Op>> runs = new ArrayList<>();
    for (int from = 0; from < ops.size(); ) {
      int to = Math.min(ops.size(), from + 1 + random.nextInt(5));
      runs.add(ops.subList(from, to));
      from = to;
    }
    node.createChildren(runs).forEach(child -> split(child, depth - 1));
  }

  private Attrs attrs() {
    Map<String, AttrValue> values = new HashMap<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      AttrType type = AttrType.values()[random.nextInt(AttrType.values().length)];
      values.put("a" + type + random.nextInt(3), new AttrValue(type, value(type)));
    }
    return Attrs.of(values);
  }

  private Object value(AttrType type) {
    if (type.javaType() == List.class) {
      List<Object> list = new ArrayList<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        list.add(value(type.element()));
      }
      return list;
    }
    if (type.javaType() == Map.class) {
      Map<String, Object> map = new HashMap<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        map.put("k" + random.nextInt(), value(type.element()));
      }
      return map;
    }
    return switch (type) {
      case BOOL -> random.nextBoolean();
      case INT32, UINT32 -> random.nextInt(3) == 0 ? -1 : random.nextInt();
      case INT64, UINT64 -> random.nextInt(3) == 0 ? Long.MIN_VALUE : random.nextLong();
      case FLOAT -> List.of(0f, -0f, Float.NaN, Float.MIN_VALUE, 1.5f).get(random.nextInt(5));
      case DOUBLE -> List.of(0d, -0d, Double.NaN, Double.MAX_VALUE, 1e-12).get(random.nextInt(5));
      case STRING -> "text ✓ " + random.nextInt();
      default -> {
        byte[] bytes = new byte[random.nextInt(9)];
        random.nextBytes(bytes);
        yield ByteString.copyFrom(bytes);
      }
    };
  }
}
