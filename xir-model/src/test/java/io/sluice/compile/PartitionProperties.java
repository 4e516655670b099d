package io.sluice.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.target.DpuTarget;
import io.sluice.target.Targets;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

/** Generated graphs of all kinds of ops, lowered or not, joined at random. */
class PartitionProperties {
  private static final List<DpuTarget> TARGETS = Targets.builtIn().all();

  @Property(tries = 150)
  @Tag("slow")
  void everyGraphIsDividedWithoutCyclesAndWithProperBorders(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 30) int ops,
      @ForAll @IntRange(max = 33) int target) {
    CompiledChecks.check(Compiler.compile(generate(seed, ops).graph(), TARGETS.get(target)));
  }

  /** Whatever plugins take, alone or merged, is run whole, and the rest goes around it. */
  @Property(tries = 100)
  @Tag("slow")
  void whatPluginsTakeIsRunWholeByTheirDevices(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 30) int ops) {
    Graph graph = generate(seed, ops).graph();
    Random random = new Random(seed);
    CompiledModel model =
        Compiler.compile(
            graph,
            TARGETS.get(0),
            List.of(TestPlugin.random("A", random), TestPlugin.random("B", random)));
    CompiledChecks.check(model);
    for (OpPlacement placement : model.placements()) {
      String device = model.subgraphs().get(placement.subgraph()).device();
      assertThat(placement.device() == Device.PLUGIN).isEqualTo(device.length() == 1);
    }
  }

  @Property(tries = 50)
  @Tag("slow")
  void placesAreThoseOfTheCompiledGraph(@ForAll long seed, @ForAll @IntRange(max = 33) int target) {
    Graph graph = generate(seed, 12).graph();
    CompiledModel compiled = Compiler.compile(graph, TARGETS.get(target));
    assertThat(Compiler.place(graph, TARGETS.get(target))).isEqualTo(compiled.placements());
  }

  /** All feature maps are [1, 8, 8, 8], so that any two can be joined. */
  private static QuantizedNet generate(long seed, int ops) {
    QuantizedNet net = new QuantizedNet("generated");
    Random random = new Random(seed);
    List<Op> values = new ArrayList<>();
    values.add(net.input(1, 8, 8, 8));
    if (random.nextBoolean()) {
      values.add(net.data("other", 1, 8, 8, 8));
    }
    for (int i = 0; i < ops; i++) {
      Op a = values.get(random.nextInt(values.size()));
      Op b = values.get(random.nextInt(values.size()));
      Op op = next(net, random.nextInt(18), "op" + i, a, b);
      values.add(op);
      if (random.nextInt(4) > 0) {
        values.add(net.fix(op, 3 + random.nextInt(3)));
      }
    }
    return net;
  }

  private static Op next(QuantizedNet net, int kind, String name, Op a, Op b) {
    return switch (kind) {
      case 0, 1, 2 -> net.bareConv(name, "conv2d", a, 8, 3, 1);
      case 3 -> net.bareConv(name, "depthwise-conv2d", a, 8, 3, 1);
      case 4 -> net.op(name, "relu", net.bareConv(name + "c", "conv2d", a, 8, 1, 1));
      case 5 -> net.op(name, "add", a, b);
      case 6 -> net.op(name, "mul", a, b);
      case 7 -> net.op(name, "hard-swish", a);
      case 8 -> net.op(name, "exp", a);
      case 9 -> net.custom(name, a);
      case 10 -> net.pool(name, "maxpool2d", a, 1, 1);
      case 11 -> net.bareConv(name, "conv2d", net.concat(name + "cat", a, b), 8, 1, 1);
      case 12 -> net.op(name, "mul", a, net.fix(net.constant(name + "k", 8), 6));
      case 13 -> net.sameSize(name, "pad", a);
      case 14 -> net.sameSize(name, "reorg", a);
      case 15 -> net.sameSize(name, "reduction_max", a);
      case 16 -> net.bareConv(name, "conv2d", net.resize(name + "x2", a, "NEAREST", 2), 8, 1, 2);
      default -> net.reshape(name, net.reshape(name + "flat", a, 1, 512), 1, 8, 8, 8);
    };
  }
}
