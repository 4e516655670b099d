package io.sluice.optimize;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class PassProperties {
  private static final Set<String> ON_DPU =
      Set.of(
          "add",
          "avgpool2d",
          "conv2d",
          "data",
          "depthwise-conv2d",
          "gstiling",
          "hard-sigmoid",
          "hard-swish",
          "relu",
          "relu6",
          "reshape");

  private static List<Pass> passes() {
    return DpuPasses.all(op -> ON_DPU.contains(op.type()));
  }

  @Property(tries = 80)
  void randomGraphsKeepTheirResultsAndNothingIsLeftToDo(@ForAll long seed) {
    Checks.after(PassOrder.of(FloatPasses.all()), RandomNets.of(seed));
    Checks.after(PassOrder.of(passes()), RandomNets.of(seed));
  }

  @Property(tries = 80)
  void everyPassKeepsTheResultsOfRandomGraphsByItself(@ForAll long seed) {
    List<Pass> passes = passes();
    Checks.after(passes.get((int) Math.floorMod(seed, (long) passes.size())), RandomNets.of(seed));
  }

  @Property(tries = 300)
  void everyOrderThatTheDeclarationsAllowGivesTheSameGraph(@ForAll long seed) {
    Graph before = RandomNets.of(seed);
    Graph derived = PassOrder.of(passes()).run(before);
    Graph other = new PassOrder(anyOrder(new Random(seed))).run(before);
    assertThat(ops(other)).isEqualTo(ops(derived));
  }

  /** A topological order of the passes, picked at random. */
  private static List<Pass> anyOrder(Random random) {
    List<Pass> open = new ArrayList<>(passes());
    Set<Class<?>> waiting = new HashSet<>();
    open.forEach(pass -> waiting.add(pass.getClass()));
    List<Pass> order = new ArrayList<>();
    while (!open.isEmpty()) {
      Collections.shuffle(open, random);
      Pass next =
          open.stream()
              .filter(pass -> pass.after().stream().noneMatch(waiting::contains))
              .findFirst()
              .orElseThrow();
      open.remove(next);
      waiting.remove(next.getClass());
      order.add(next);
    }
    return order;
  }

  /** Type and shape of every op but constants, and those of what it reads, in any order. */
  private static List<String> ops(Graph graph) {
    return graph.ops().stream()
        .filter(op -> !op.isConst())
        .map(
            op ->
                described(op)
                    + " of "
                    + op.allInputs().stream().map(PassProperties::described).toList())
        .sorted()
        .collect(Collectors.toList());
  }

  private static String described(Op op) {
    return op.type() + op.output().shape();
  }
}
