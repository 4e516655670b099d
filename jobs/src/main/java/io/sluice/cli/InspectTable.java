package io.sluice.cli;

import io.sluice.compile.Device;
import io.sluice.compile.OpPlacement;
import io.sluice.inspect.Inspection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Targets side by side: what each would run of a model, and what keeps the rest on the CPU. */
final class InspectTable {
  private InspectTable() {}

  /**
   * A line for each target, and below it one for each type of op and reason on the CPU. Targets
   * that agree in everything share their lines.
   */
  static String of(List<Inspection> seen) {
    Map<String, List<Inspection>> alike = new LinkedHashMap<>();
    for (Inspection one : seen) {
      alike.computeIfAbsent(figures(one) + reasons(one), k -> new ArrayList<>()).add(one);
    }
    int width = seen.stream().mapToInt(one -> one.target().name().length()).max().orElse(0);
    String row = "%-" + Math.max(width, 6) + "s  %s%n";
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(row, "target", "DPU MACs  DPU subgraphs  DPU ops  CPU ops, with reasons"));
    for (List<Inspection> group : alike.values()) {
      for (int i = 0; i < group.size() - 1; i++) {
        text.append(group.get(i).target().name()).append('\n');
      }
      Inspection last = group.get(group.size() - 1);
      text.append(String.format(row, last.target().name(), figures(last)));
      text.append(reasons(last));
    }
    return text.toString();
  }

  private static String figures(Inspection seen) {
    return String.format(
        Locale.ROOT,
        "%7.1f%%  %13d  %7d  %7d",
        100 * seen.dpuMacShare(),
        seen.dpuSubgraphs(),
        seen.opsOn(Device.DPU),
        seen.opsOn(Device.CPU));
  }

  private static String reasons(Inspection seen) {
    Map<String, List<OpPlacement>> byRule = new LinkedHashMap<>();
    for (OpPlacement op : seen.ops()) {
      if (op.device() == Device.CPU) {
        String key = op.type() + " " + op.rule();
        byRule.computeIfAbsent(key, k -> new ArrayList<>()).add(op);
      }
    }
    StringBuilder text = new StringBuilder();
    byRule.forEach(
        (key, ops) -> {
          OpPlacement first = ops.get(0);
          text.append("    " + ops.size() + " " + first.type() + ": " + first.rule() + ": ");
          // A target that is named in a reason would keep its lines from being shared.
          text.append(first.reason().replace(seen.target().name(), "the target"));
          text.append(ops.size() > 1 ? " (the first of them)\n" : "\n");
        });
    return text.toString();
  }
}
