package io.sluice.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.target.DpuTarget;
import io.sluice.target.Targets;
import io.sluice.xir.Attrs;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Subgraph;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On conv a, conv b with Relu, max pool, conv c, each with its fix. */
class PluginTest {
  private static final DpuTarget B4096 = Targets.builtIn().byName("DPUCZDX8G_ISA1_B4096");

  private final QuantizedNet net = new QuantizedNet("net");

  PluginTest() {
    Op a = net.conv("a", net.input(1, 8, 8, 3), 32, 3, 1);
    Op b = net.convRelu("b", a, 32, 3, 1);
    net.conv("c", net.fix(net.pool("p", "maxpool2d", b, 2, 2)), 64, 3, 1);
  }

  private CompiledModel compile(CompilerPlugin... plugins) {
    CompiledModel model = Compiler.compile(net.graph(), B4096, List.of(plugins));
    CompiledChecks.check(model);
    return model;
  }

  private CompiledModel taking(Function<PluginGraph, List<Subgraph>> picks) {
    return compile(TestPlugin.of("IP", picks));
  }

  private static Set<String> taken(CompiledModel model, String device) {
    Set<String> names = new HashSet<>();
    for (OpPlacement p : model.placements()) {
      String here = model.subgraphs().get(p.subgraph()).device();
      if (here.equals(device) && p.rule().equals("plugin.taken")) {
        names.add(p.name());
      }
    }
    return names;
  }

  private static List<String> devices(CompiledModel model) {
    return model.subgraphs().stream().map(CompiledModel.SubgraphSummary::device).toList();
  }

  private static Subgraph subgraph(CompiledModel model, String device) {
    return model.graph().root().children().stream()
        .filter(s -> s.device().equals(Optional.of(device)))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatAPluginTakesIsASubgraphOfItsOwnDeviceAndRunner() {
    CompiledModel model = compile(new PoolPlugin());
    assertThat(devices(model)).containsExactly("USER", "DPU", "POOL", "DPU", "CPU");
    Subgraph pool = subgraph(model, "POOL");
    assertThat(pool.name()).isEqualTo("pool_subgraph_p");
    assertThat(pool.attrs().get("runner").value())
        .isEqualTo(
            Map.of(
                "ref", CompilerPlugin.CPU_RUNNER,
                "run", CompilerPlugin.CPU_RUNNER,
                "sim", CompilerPlugin.CPU_RUNNER));
    assertThat(pool.ops())
        .extracting(Op::type)
        .containsExactly("fix2float", "maxpool2d", "float2fix");
    OpPlacement placement =
        model.placements().stream().filter(p -> p.name().equals("p")).findFirst().orElseThrow();
    assertThat(placement.device()).isEqualTo(Device.PLUGIN);
    assertThat(placement.reason()).contains("'pool'").contains("POOL");
  }

  @Test
  void withoutPluginsTheDpuRunsIt() {
    assertThat(devices(compile())).containsExactly("USER", "DPU", "CPU");
    assertThat(net.graph().root().children()).isEmpty();
  }

  @Test
  void opsAreFilteredByNameTypeTemplateAndFunction() {
    assertThat(taken(taking(g -> List.of(g.filterByName("p").orElseThrow())), "IP"))
        .containsExactly("p");
    assertThat(taken(taking(g -> List.of(g.filterByName("subgraph_p").orElseThrow())), "IP"))
        .containsExactly("p");
    assertThat(taken(taking(g -> g.filterByType("conv2d")), "IP"))
        .containsExactlyInAnyOrder("a", "b", "c");
    assertThat(
            taken(taking(g -> g.filterByTemplate(OpTemplate.chain("conv2d", "relu", "fix"))), "IP"))
        .containsExactlyInAnyOrder("b", "b_relu", "b_relu_fix");
    assertThat(
            taken(
                taking(
                    g ->
                        g.filter(
                            all ->
                                all.stream()
                                    .filter(s -> s.name().startsWith("subgraph_b"))
                                    .toList())),
                "IP"))
        .containsExactlyInAnyOrder("b", "b_relu", "b_relu_fix");
  }

  @Test
  void aTemplateMatchesInputsInAnyOrderAndIsOneSubgraph() {
    QuantizedNet other = new QuantizedNet("other");
    Op x = other.input(1, 8, 8, 8);
    Op y = other.op("y", "sigmoid", x);
    other.fix(other.op("z", "mul", y, other.fix(other.op("e", "exp", x))));
    OpTemplate gate =
        OpTemplate.of("mul", OpTemplate.chain("exp", "fix"), OpTemplate.of("sigmoid"));
    CompilerPlugin plugin = TestPlugin.of("IP", g -> g.filterByTemplate(gate));
    CompiledModel model = Compiler.compile(other.graph(), B4096, List.of(plugin));
    CompiledChecks.check(model);
    assertThat(taken(model, "IP")).containsExactlyInAnyOrder("e", "e_fix", "y", "z");
    assertThat(devices(model)).containsOnlyOnce("IP");
  }

  @Test
  void inputsAndConstantsAreNotToBeHad() {
    taking(
        g -> {
          assertThat(g.filterByName("input")).isEmpty();
          assertThat(g.filterByName("a_w")).isEmpty();
          assertThat(g.filterByName("a_w_fix")).isEmpty();
          assertThat(g.filterByType("const")).isEmpty();
          assertThat(g.uncompiled()).hasSize(10);
          return List.of();
        });
  }

  @Test
  void subgraphsAreMergedAsFarAsTheyDoNotNeedTheirOwnResults() {
    CompiledModel model =
        taking(
            g -> {
              List<Subgraph> merged =
                  g.merge(
                      g.filter(
                          all ->
                              all.stream().filter(s -> !s.name().equals("subgraph_p")).toList()));
              assertThat(merged).hasSize(2);
              return merged;
            });
    assertThat(devices(model)).containsExactly("USER", "IP", "CPU", "IP");
  }

  @Test
  void siblingsThatDoNotReadEachOtherAreOneSubgraphToo() {
    QuantizedNet other = new QuantizedNet("other");
    Op x = other.input(1, 8, 8, 8);
    Op left = other.fix(other.op("l", "exp", other.conv("a", x, 64, 3, 1)));
    Op right = other.fix(other.op("r", "exp", other.conv("b", left, 64, 3, 1)));
    Op ll = other.fix(other.op("ll", "tanh", left));
    other.fix(other.op("s", "add", ll, other.fix(other.op("rr", "tanh", right))));
    CompilerPlugin plugin = TestPlugin.of("IP", g -> g.merge(g.filterByType("tanh")));
    CompiledModel model = Compiler.compile(other.graph(), B4096, List.of(plugin));
    CompiledChecks.check(model);
    assertThat(devices(model)).containsOnlyOnce("IP");
    assertThat(taken(model, "IP")).containsExactlyInAnyOrder("ll", "rr");
  }

  @Test
  void theFirstPluginThatIsNamedHasTheOp() {
    CompilerPlugin all = TestPlugin.of("ALL", g -> g.merge(g.filterByType("maxpool2d")));
    assertThat(devices(compile(all, new PoolPlugin()))).contains("ALL").doesNotContain("POOL");
    assertThat(devices(compile(new PoolPlugin(), all))).contains("POOL").doesNotContain("ALL");
  }

  @Test
  void aSubgraphThatWouldNeedItsOwnResultIsOneTypedError() {
    assertThatThrownBy(() -> taking(g -> List.of(g.graph().root().merge(g.filterByType("conv2d")))))
        .isInstanceOf(SluiceException.class)
        .hasMessageStartingWith(ErrorCode.XIR_SUBGRAPH_HAS_CYCLE.name())
        .hasMessageContaining("plugin 'IP'");
  }

  private void assertFails(String words, Function<PluginGraph, List<Subgraph>> picks) {
    assertThatThrownBy(() -> taking(picks))
        .isInstanceOf(SluiceException.class)
        .hasMessageStartingWith(ErrorCode.SLUICE_PLUGIN_FAILED.name())
        .hasMessageContaining("plugin 'IP'")
        .hasMessageContaining(words);
  }

  private static List<Subgraph> all(PluginGraph graph, String op) {
    return List.of(graph.graph().root().leafOf(graph.graph().op(op)));
  }

  @Test
  void whatAPluginMayNotTakeIsOneTypedErrorThatNamesIt() {
    assertFails("null", g -> null);
    assertFails("input 'input'", g -> all(g, "input"));
    assertFails("constants only", g -> all(g, "a_w"));
    assertFails("no child", g -> List.of(g.graph().root()));
    assertFails(
        "is its own",
        g -> {
          g.graph().add("mine", "relu", Attrs.EMPTY, g.graph().op("p"));
          return all(g, "mine");
        });
    assertFails(
        "IllegalStateException",
        g -> {
          throw new IllegalStateException("broken");
        });
    CompilerPlugin thief =
        TestPlugin.of(
            "THIEF",
            g -> {
              g.graph().root().merge(List.of(all(g, "p").get(0), all(g, "p_fix").get(0)));
              return List.of();
            });
    assertThatThrownBy(() -> compile(new PoolPlugin(), thief))
        .hasMessageContaining("THIEF")
        .hasMessageContaining("plugin 'pool'");
  }

  @Test
  void aDeviceOfItsOwnIsAsked() {
    for (String device : List.of("DPU", "CPU", "USER", " ")) {
      assertThatThrownBy(() -> compile(TestPlugin.of(device, g -> g.filterByType("maxpool2d"))))
          .hasMessageStartingWith(ErrorCode.SLUICE_PLUGIN_FAILED.name())
          .hasMessageContaining("no device of its own");
    }
  }

  private CompiledModel finishing(Consumer<Subgraph> finish) {
    return compile(new TestPlugin("IP", g -> g.filterByType("maxpool2d"), finish));
  }

  @Test
  void aPluginAttachesWhatItsRunnerNeeds() {
    CompiledModel model =
        finishing(s -> s.setAttrs(s.attrs().with("ip_program", s.ops().size() + " ops")));
    assertThat(subgraph(model, "IP").attrs().getString("ip_program")).isEqualTo("3 ops");
  }

  @Test
  void aPluginReplacesOpsInsideOfItsSubgraph() {
    CompiledModel model =
        finishing(
            s -> {
              Graph graph = s.graph();
              Op old = graph.op("p");
              Attrs attrs =
                  Attrs.EMPTY
                      .with("shape", old.output().shape().toArray())
                      .with("data_type", "FLOAT32");
              Op pool = graph.add("ip_pool", "IpPool", attrs, old.input());
              graph.replaceUses(old, pool);
              graph.remove(old);
            });
    assertThat(subgraph(model, "IP").ops())
        .extracting(Op::type)
        .containsExactly("fix2float", "IpPool", "float2fix");
    assertThat(devices(model)).containsExactly("USER", "DPU", "IP", "DPU", "CPU");
  }

  @Test
  void aPluginLeavesWhatIsOutsideOfItsSubgraph() {
    List<Consumer<Subgraph>> wrong =
        List.of(
            s -> s.setName("other"),
            s -> s.setAttrs(s.attrs().with("device", "OTHER")),
            s -> s.setAttrs(s.attrs().without("runner")),
            s -> s.graph().op("c").setAttrs(s.graph().op("c").attrs().with("stride", 7)),
            s -> s.graph().add("unread", "relu", Attrs.EMPTY, s.graph().op("p")),
            s -> s.graph().replaceUses(s.graph().op("p_fix"), s.graph().op("b")));
    for (Consumer<Subgraph> one : wrong) {
      assertThatThrownBy(() -> finishing(one))
          .isInstanceOf(SluiceException.class)
          .hasMessageContaining("plugin 'IP'");
    }
  }

  @Test
  void pluginsAreFoundByTheNamesOfTheOption() {
    CompileOptions options = CompileOptions.parse("{\"plugins\": \"pool\"}");
    Compilation compiled = Compiler.compile(net.graph(), B4096, options);
    assertThat(devices(compiled.model())).contains("POOL");
    assertThatThrownBy(
            () ->
                Compiler.compile(
                    net.graph(), B4096, CompileOptions.parse("{\"plugins\": \"pool,lake\"}")))
        .isInstanceOf(SluiceException.class)
        .hasMessageStartingWith("SLUICE_USAGE: there is no plugin 'lake', only [pool]");
  }

  @Test
  void aModelWithPluginsIsKeptInTheCacheApartFromTheOneWithout(@TempDir Path folder) {
    CompileOptions without =
        new CompileOptions(
            Optional.empty(), List.of(), List.of(), Optional.of(folder), Optional.empty());
    CompileOptions with =
        new CompileOptions(
            Optional.empty(), List.of("pool"), List.of(), Optional.of(folder), Optional.empty());
    Compiler.compile(net.graph(), B4096, without);
    assertThat(Compiler.compile(net.graph(), B4096, with).fromCache()).isFalse();
    Compilation again = Compiler.compile(net.graph(), B4096, with);
    assertThat(again.fromCache()).isTrue();
    CompiledChecks.check(again.model());
    assertThat(devices(again.model())).contains("POOL");
  }

  @Test
  void whatAPluginTookKeepsItsStrideThoughOneUpstreamCouldHaveIt() {
    QuantizedNet other = new QuantizedNet("other");
    Op a = other.convRelu("a", other.input(1, 16, 16, 16), 16, 3, 1);
    other.conv("b", a, 16, 1, 2);
    CompilerPlugin plugin = TestPlugin.of("IP", g -> List.of(g.filterByName("b").orElseThrow()));
    CompiledModel model = Compiler.compile(other.graph(), B4096, List.of(plugin));
    CompiledChecks.check(model);
    assertThat(model.graph().op("b").attrs().getInts("stride")).containsExactly(2, 2);
    assertThat(model.graph().op("a").attrs().getInts("stride")).containsExactly(1, 1);
  }
}
