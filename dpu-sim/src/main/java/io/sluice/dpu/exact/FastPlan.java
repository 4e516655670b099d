package io.sluice.dpu.exact;

import io.sluice.xir.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which ops of a program run in float and which in the reference, and in which order.
 *
 * <p>Ops that are refused cut the program into stages. A stage runs its float ops as one ONNX
 * graph, then its refused ops one by one. An op in float comes one stage after the refused ops that
 * it reads, all else as early as its inputs allow, so there are no more stages than refused ops on
 * one path.
 *
 * @param stages in the order of execution
 * @param ranges of every tensor, by name
 * @param refused why an op is not in float, by the op's name
 */
record FastPlan(List<Stage> stages, Map<String, ValueRange> ranges, Map<String, String> refused) {

  /**
   * @param lowered steps in one ONNX graph
   * @param reference steps that run after it
   */
  record Stage(List<FixProgram.Step> lowered, List<FixProgram.Step> reference) {
    private Stage() {
      this(new ArrayList<>(), new ArrayList<>());
    }
  }

  static FastPlan of(FixProgram program, Lowerings lowerings) {
    Map<String, ValueRange> ranges = new HashMap<>();
    Map<String, String> refused = new LinkedHashMap<>();
    Map<String, Integer> ready = new HashMap<>();
    TreeMap<Integer, Stage> stages = new TreeMap<>();
    for (FixProgram.Step step : program.steps()) {
      List<ValueRange> inputs =
          step.inputs().stream().map(in -> ranges.getOrDefault(in, ValueRange.INT8)).toList();
      Lowering<FixKernel> lowering = lowerings.of(step.kernel());
      String refusal =
          lowering == null ? "has no float form" : lowering.refusal(step.kernel(), inputs);
      if (lowering != null) {
        ranges.put(step.output(), lowering.range(step.kernel(), inputs));
      }
      int stage = step.inputs().stream().mapToInt(in -> ready.getOrDefault(in, 0)).max().orElse(0);
      Stage home = stages.computeIfAbsent(stage, i -> new Stage());
      if (refusal == null) {
        home.lowered().add(step);
        ready.put(step.output(), stage);
      } else {
        refused.put(step.op().name(), refusal);
        home.reference().add(step);
        ready.put(step.output(), stage + 1);
      }
    }
    return new FastPlan(List.copyOf(stages.values()), ranges, refused);
  }

  /** What the float graph of a stage reads from before it. */
  static List<Tensor> inputs(Stage stage, FixProgram program) {
    Set<String> inside = new HashSet<>();
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (FixProgram.Step step : stage.lowered()) {
      for (String name : step.inputs()) {
        if (!inside.contains(name)) {
          inputs.put(name, program.tensor(name));
        }
      }
      inside.add(step.output());
    }
    return List.copyOf(inputs.values());
  }

  /** What the float graph of a stage gives to what comes after it. */
  List<Tensor> outputs(int stage, FixProgram program) {
    Set<String> read = new HashSet<>();
    program.outputs().forEach(tensor -> read.add(tensor.name()));
    for (int i = stage; i < stages.size(); i++) {
      stages.get(i).reference().forEach(step -> read.addAll(step.inputs()));
      if (i > stage) {
        stages.get(i).lowered().forEach(step -> read.addAll(step.inputs()));
      }
    }
    return stages.get(stage).lowered().stream()
        .map(step -> step.op().output())
        .filter(tensor -> read.contains(tensor.name()))
        .toList();
  }
}
