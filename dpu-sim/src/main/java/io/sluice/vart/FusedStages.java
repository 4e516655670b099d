package io.sluice.vart;

import io.sluice.dpu.exact.FusedEngine;
import io.sluice.xir.Op;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which stages may run as one: DPU subgraphs, and the CPU subgraphs between them that are functions
 * of int8 values. A stage of another kind is run after all such stages that need none of its kind
 * more than it does, so there are no more groups than such stages on one path, plus one.
 */
final class FusedStages {

  /**
   * Stages that run one after the other.
   *
   * @param fusible whether all are of the kinds that may run as one
   */
  record Group(List<Stage> stages, boolean fusible) {}

  private FusedStages() {}

  /**
   * @param stages each after those that it reads from
   * @return the same stages in groups, each after those that it reads from
   */
  static List<Group> of(List<Stage> stages) {
    Map<Op, Integer> ready = new HashMap<>();
    Map<Integer, List<Stage>> fusible = new LinkedHashMap<>();
    Map<Integer, List<Stage>> others = new HashMap<>();
    int levels = 0;
    for (Stage stage : stages) {
      int level = stage.inputs().stream().mapToInt(in -> ready.getOrDefault(in, 0)).max().orElse(0);
      boolean fuses = fuses(stage);
      (fuses ? fusible : others).computeIfAbsent(level, l -> new ArrayList<>()).add(stage);
      stage.outputs().forEach(out -> ready.put(out, fuses ? level : level + 1));
      levels = Math.max(levels, level + 1);
    }
    List<Group> groups = new ArrayList<>();
    for (int level = 0; level < levels; level++) {
      if (fusible.containsKey(level)) {
        groups.add(new Group(List.copyOf(fusible.get(level)), true));
      }
      for (Stage stage : others.getOrDefault(level, List.of())) {
        groups.add(new Group(List.of(stage), false));
      }
    }
    return List.copyOf(groups);
  }

  private static boolean fuses(Stage stage) {
    return stage.device().equals(Stage.DPU)
        || (stage.device().equals(Stage.CPU)
            && stage.outputs().stream().allMatch(op -> op.type().equals("float2fix"))
            && FusedEngine.isFunction(stage.ops()));
  }

  /** The ops of the stages for one device. */
  static List<Op> ops(List<Stage> stages, String device) {
    return stages.stream()
        .filter(stage -> stage.device().equals(device))
        .flatMap(stage -> stage.ops().stream())
        .toList();
  }

  /** What the stages give, in their order. */
  static Set<Op> outputs(List<Stage> stages) {
    Set<Op> outputs = new LinkedHashSet<>();
    stages.forEach(stage -> outputs.addAll(stage.outputs()));
    return outputs;
  }
}
