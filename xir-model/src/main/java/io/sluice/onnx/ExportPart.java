package io.sluice.onnx;

import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A part of a graph as it is computed: what ONNX Runtime runs at once, or an op that ONNX has no
 * form for.
 */
public sealed interface ExportPart {
  /**
   * What {@link OnnxExporter#export} writes as one model.
   *
   * @param inputs ops whose tensors are fed
   * @param outputs ops whose tensors are given
   */
  record Model(List<Op> inputs, List<Op> outputs) implements ExportPart {}

  /**
   * An op without a form in ONNX.
   *
   * @param constants the values of those of its inputs that are constant
   */
  record Single(Op op, Map<Op, TensorData> constants) implements ExportPart {}

  /**
   * The parts that compute {@code outputs} from {@code inputs}, each after those that it reads.
   * Every op gets a level, even in ONNX and odd outside of it, that is not below the levels of the
   * ops that it reads; what is of one even level is one model. So there are as few models as the
   * single ops on a path leave, and a graph without any is one model with the inputs and outputs
   * given.
   *
   * @param inputs ops whose tensors are fed
   * @param outputs ops whose tensors are wanted, none of them an input
   */
  static List<ExportPart> of(Graph graph, List<Op> inputs, List<Op> outputs) {
    List<Op> order = new ArrayList<>(graph.topologicalOrder());
    Set<Op> needed = OnnxExporter.needed(order, new HashSet<>(inputs), outputs);
    needed.removeAll(inputs);
    order.removeIf(op -> !needed.contains(op) || ExportState.isConst(op));
    Map<Op, Integer> levels = new HashMap<>();
    for (Op op : order) {
      int single = OnnxExporter.hasForm(op) ? 0 : 1;
      int level = single;
      for (Op in : op.allInputs()) {
        int before = levels.getOrDefault(in, 0);
        level = Math.max(level, before % 2 == single ? before : before + 1);
      }
      levels.put(op, level);
    }
    int last = levels.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    List<ExportPart> parts = new ArrayList<>();
    for (int level = 0; level <= last; level++) {
      if (level % 2 == 0) {
        Model model = last == 0 ? new Model(inputs, outputs) : model(level, order, levels, outputs);
        if (!model.outputs().isEmpty()) {
          parts.add(model);
        }
        continue;
      }
      for (Op op : order) {
        if (levels.get(op) == level) {
          parts.add(new Single(op, constants(op)));
        }
      }
    }
    return List.copyOf(parts);
  }

  private static Model model(int level, List<Op> order, Map<Op, Integer> levels, List<Op> wanted) {
    Set<Op> inputs = new LinkedHashSet<>();
    Set<Op> outputs = new LinkedHashSet<>();
    wanted.stream().filter(op -> levels.getOrDefault(op, 0) == level).forEach(outputs::add);
    for (Op op : order) {
      int own = levels.get(op);
      for (Op in : op.allInputs()) {
        boolean here = levels.getOrDefault(in, -1) == level;
        if (own == level && !here && !ExportState.isConst(in)) {
          inputs.add(in);
        } else if (own > level && here) {
          outputs.add(in);
        }
      }
    }
    return new Model(List.copyOf(inputs), List.copyOf(outputs));
  }

  private static Map<Op, TensorData> constants(Op op) {
    Map<Op, TensorData> constants = new HashMap<>();
    for (Op in : op.allInputs()) {
      if (ExportState.isConst(in)) {
        constants.put(in, in.isConst() ? in.constData() : FixExports.constData(in));
      }
    }
    return Map.copyOf(constants);
  }
}
