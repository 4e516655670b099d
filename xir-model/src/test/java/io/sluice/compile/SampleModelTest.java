package io.sluice.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.target.DpuTarget;
import io.sluice.target.Fingerprint;
import io.sluice.target.Targets;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Subgraph;
import io.sluice.xir.XModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against models that AMD's own tools made. */
class SampleModelTest {
  private Path folder;

  @BeforeEach
  void findSamples() {
    String named = System.getProperty("sluice.testData", "");
    assumeTrue(!named.isEmpty(), "no folder of sample files named");
    folder = Path.of(named, "xmodel");
  }

  private Graph read(String name) {
    return XModel.read(folder.resolve(name + ".xmodel"));
  }

  private static List<Subgraph> dpuSubgraphs(Graph graph) {
    return graph.root().children().stream()
        .filter(s -> s.device().orElse("").equals("DPU"))
        .toList();
  }

  private static DpuTarget target(Subgraph dpu) {
    Fingerprint print = new Fingerprint(dpu.attrs().getLong("dpu_fingerprint"));
    DpuTarget target = Targets.builtIn().byFingerprint(print);
    assertThat(target.name()).isEqualTo(dpu.attrs().getString("dpu_name"));
    return target;
  }

  @ParameterizedTest
  @ValueSource(strings = {"tf2_custom_op_zcu102", "tf2_custom_op_v70"})
  void workloadsAreExactlyThoseOfTheSamples(String name) {
    int compared = 0;
    for (Subgraph dpu : dpuSubgraphs(read(name))) {
      Workload total = Workload.NONE;
      for (Op op : dpu.ops()) {
        Workload workload = Workload.of(op, target(dpu));
        total = total.plus(workload);
        if (op.attrs().has("workload")) {
          assertThat(workload)
              .as(op.toString())
              .isEqualTo(
                  new Workload(
                      op.attrs().getLong("workload"), op.attrs().getLong("workload_on_arch")));
          compared++;
        }
      }
      assertThat(total)
          .isEqualTo(
              new Workload(
                  dpu.attrs().getLong("workload"), dpu.attrs().getLong("workload_on_arch")));
    }
    assertThat(compared).isEqualTo(6);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tf2_custom_op_zcu102", "tf2_custom_op_v70"})
  void superlayersAreThoseOfTheSamples(String name) {
    for (Subgraph dpu : dpuSubgraphs(read(name))) {
      Set<Set<Op>> theirs =
          dpu.children().stream().map(c -> Set.copyOf(c.ops())).collect(Collectors.toSet());
      Set<Set<Op>> ours =
          Superlayers.of(dpu.ops()).stream()
              .map(s -> Set.copyOf(s.ops()))
              .collect(Collectors.toSet());
      assertThat(ours).isEqualTo(theirs);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tf2_custom_op_zcu102", "tf2_custom_op_v70"})
  void theSameNetworkIsDividedAsInTheSample(String name) {
    Graph theirs = read(name);
    CompiledModel ours =
        Compiler.compile(CustomOpNetwork.graph(), target(dpuSubgraphs(theirs).get(0)));
    CompiledChecks.check(ours);
    assertThat(form(ours.graph())).isEqualTo(form(theirs));
  }

  /** Devices, superlayers and workloads; of the CPU parts the ops, constants left out. */
  private static List<String> form(Graph graph) {
    List<String> lines =
        graph.root().children().stream()
            .flatMap(
                s ->
                    s.isLeaf()
                        ? List.of(s.device().orElseThrow() + " " + types(s)).stream()
                        : s.children().stream()
                            .map(
                                c ->
                                    "DPU "
                                        + types(c)
                                        + " "
                                        + c.attrs().getLong("workload")
                                        + " "
                                        + c.attrs().getLong("workload_on_arch")
                                        + " "
                                        + c.attrs().getBool("skip_code_gen", false)))
            .toList();
    return lines;
  }

  private static List<String> types(Subgraph subgraph) {
    return subgraph.ops().stream().filter(op -> !op.isConst()).map(Op::type).toList();
  }

  @Test
  @Tag("slow")
  void aQuantizedModelOfTheirsCompiles() {
    CompiledModel model =
        Compiler.compile(read("VoxelNet_int"), Targets.builtIn().byName("DPUCV2DX8G_ISA1_C20B14"));
    CompiledChecks.check(model);
    assertThat(model.dpuMacShare()).isEqualTo(1);
    assertThat(model.placements())
        .filteredOn(p -> p.device() == Device.CPU && !p.type().equals("fix"))
        .extracting(OpPlacement::type)
        .containsExactlyInAnyOrder("transpose", "PPScatterV2", "transpose");
    // What the two DPU subgraphs of AMD's compiled form count: pillars, region proposals.
    assertThat(model.subgraphs())
        .filteredOn(s -> s.device().equals("DPU"))
        .extracting(CompiledModel.SubgraphSummary::workload)
        .containsExactly(768_000_000L, 10_159_064_064L);
    assertThat(model.subgraphs())
        .extracting(CompiledModel.SubgraphSummary::workloadOnArch)
        .contains(5_068_800_000L);
  }
}
