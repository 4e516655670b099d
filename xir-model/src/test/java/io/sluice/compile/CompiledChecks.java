package io.sluice.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.xir.DataType;
import io.sluice.xir.Op;
import io.sluice.xir.Subgraph;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What holds for every compiled model. */
final class CompiledChecks {
  private static final Set<String> INTEGERS = Set.of("DPU", "USER");
  private static final Set<String> INTO_DPU = Set.of("upload");
  private static final Set<String> BETWEEN = Set.of("float2fix", "fix2float");

  private CompiledChecks() {}

  static void check(CompiledModel model) {
    assertThat(model.placements())
        .filteredOn(placement -> placement.device() == Device.CPU)
        .allSatisfy(
            placement -> {
              assertThat(placement.rule()).as(placement.name()).isNotEmpty();
              assertThat(placement.reason()).as(placement.name()).isNotEmpty();
            });
    Map<Op, Subgraph> parts = new HashMap<>();
    List<Subgraph> ordered = model.graph().root().children();
    for (Subgraph part : ordered) {
      for (Op op : part.ops()) {
        assertThat(parts.put(op, part)).as("one subgraph for %s", op).isNull();
        assertThat(op.attrs().getString("device")).isEqualTo(part.device().orElseThrow());
      }
      if (part.device().orElseThrow().equals("DPU")) {
        checkDpu(part, model);
      }
    }
    assertThat(parts.keySet()).isEqualTo(Set.copyOf(model.graph().ops()));
    for (Op op : model.graph().ops()) {
      for (Op in : op.allInputs()) {
        Subgraph from = parts.get(in);
        Subgraph to = parts.get(op);
        if (from != to) {
          assertThat(ordered.indexOf(from)).as("order").isLessThan(ordered.indexOf(to));
          checkCrossing(in, from.device().orElseThrow(), op, to.device().orElseThrow());
        } else if (!INTEGERS.contains(from.device().orElseThrow())) {
          boolean fixed = in.output().type().isFixedPoint();
          assertThat(fixed && !BETWEEN.contains(op.type())).as("%s reads %s", op, in).isFalse();
        }
      }
    }
  }

  private static void checkCrossing(Op in, String from, Op op, String to) {
    String edge = in + " -> " + op;
    assertThat(in.isConst()).as(edge).isFalse();
    if (from.equals("DPU")) {
      assertThat(in.type()).as(edge).isEqualTo("download");
    }
    if (to.equals("DPU")) {
      assertThat(INTO_DPU).as(edge).contains(op.type());
      assertThat(Set.of("download", "float2fix", "data-fix")).as(edge).contains(in.type());
    } else if (in.output().type().isFixedPoint()) {
      assertThat(op.type()).as(edge).isEqualTo("fix2float");
    }
  }

  private static void checkDpu(Subgraph part, CompiledModel model) {
    assertThat(part.attrs().getString("dpu_name")).isEqualTo(model.target().name());
    assertThat(part.attrs().getLong("dpu_fingerprint"))
        .isEqualTo(model.target().fingerprint().value());
    long workload = 0;
    for (Op op : part.ops()) {
      assertThat(op.output().type()).as(op.toString()).isEqualTo(DataType.XINT8);
      assertThat(op.output().attrs().has("fix_point")).as(op.toString()).isTrue();
      if (op.isConst()) {
        assertThat(op.constData().shape()).isEqualTo(op.output().shape());
        assertThat(op.fanOut()).hasSize(1);
      }
    }
    for (Subgraph superlayer : part.children()) {
      workload += superlayer.attrs().getLong("workload");
      assertThat(superlayer.isLeaf()).isTrue();
      assertThat(superlayer.attrs().getLong("workload_on_arch"))
          .isGreaterThanOrEqualTo(superlayer.attrs().getLong("workload"));
    }
    assertThat(part.attrs().getLong("workload")).isEqualTo(workload);
    assertThat(part.attrs().getStrings("children_topological_sort"))
        .isEqualTo(
            part.children().stream()
                .filter(c -> c.ops().stream().noneMatch(CompiledChecks::isBorder))
                .map(Subgraph::name)
                .toList());
  }

  private static boolean isBorder(Op op) {
    return op.type().equals("upload") || op.type().equals("download");
  }
}
