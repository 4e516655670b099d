package io.sluice.vart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.sluice.dpu.exact.ExactEngine;
import io.sluice.dpu.exact.FixBorder;
import io.sluice.error.SluiceException;
import io.sluice.xir.AttrValue;
import io.sluice.xir.Attrs;
import io.sluice.xir.DataType;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import io.sluice.xir.XModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A compiled model, run over its USER, DPU and CPU subgraphs. */
class CompiledGraphTest {
  private static final RunnerOptions FAST = new RunnerOptions(2);
  private static final RunnerOptions REFERENCE = FAST.with(ExactEngine.Kind.REFERENCE);

  private final Graph compiled = CompiledNet.compiled();

  private static Map<String, TensorData> fixed(Runner runner, long seed) {
    Tensor input = runner.inputTensors().get(0);
    return Map.of(input.name(), FixBorder.toFix(CompiledNet.input(seed), input));
  }

  @Test
  void theSubgraphsAlternate() {
    assertThat(StagePlan.of(compiled, SubgraphParts.of(compiled)))
        .extracting(Stage::device)
        .containsExactly("DPU", "CPU", "DPU", "CPU");
  }

  @Test
  void bothEnginesGiveTheSameBytesAtEveryBorder() {
    try (GraphRunner fast = GraphRunner.create(compiled, FAST);
        GraphRunner reference = GraphRunner.create(compiled, REFERENCE)) {
      List<TensorData> results = new ArrayList<>();
      for (int seed = 0; seed < 20; seed++) {
        Map<String, TensorData> borders = fast.trace(fixed(fast, seed));
        assertThat(borders).isEqualTo(reference.trace(fixed(fast, seed)));
        assertThat(fast.execute(fixed(fast, seed)))
            .isEqualTo(reference.execute(fixed(fast, seed)))
            .isEqualTo(Map.of("y", borders.get("y")));
        results.add(borders.get("y"));
      }
      assertThat(results).doesNotHaveDuplicates();
    }
  }

  @Test
  void aTraceListsInputsAndWhatEachSubgraphHandsOnInOrder() {
    try (GraphRunner runner = GraphRunner.create(compiled, FAST)) {
      Map<String, TensorData> borders = runner.trace(fixed(runner, 1));
      List<String> names = new ArrayList<>(List.of("x"));
      StagePlan.of(compiled, SubgraphParts.of(compiled))
          .forEach(stage -> stage.outputs().forEach(op -> names.add(op.output().name())));
      assertThat(borders.keySet()).containsExactlyElementsOf(names).hasSize(5).endsWith("y");
      assertThatThrownBy(() -> runner.trace(Map.of()))
          .hasMessageStartingWith("VART_TENSOR_INFO_ERROR: input 'x' is missing");
    }
  }

  /** Small sums are exact in float too, so the quantized graph is an oracle of its own. */
  @Test
  void aCompiledModelGivesWhatItsQuantizedGraphGives() {
    try (GraphRunner dpu = GraphRunner.create(compiled, FAST);
        GraphRunner simulated = GraphRunner.create(CompiledNet.quantized(), FAST)) {
      for (int seed = 0; seed < 20; seed++) {
        String y = simulated.outputTensors().get(0).name();
        assertThat(dpu.execute(fixed(dpu, seed)).get("y"))
            .isEqualTo(simulated.execute(Map.of("x", CompiledNet.input(seed))).get(y));
      }
    }
  }

  @Test
  void aFileGivesWhatTheGraphGivesAndItsInputTellsHowToRound(@TempDir Path folder) {
    Path file = folder.resolve("net.xmodel");
    XModel.write(compiled, file);
    try (GraphRunner runner = GraphRunner.create(compiled, FAST);
        GraphRunner read = GraphRunner.create(XModel.read(file), FAST)) {
      Tensor input = read.inputTensors().get(0);
      assertThat(input.type()).isEqualTo(DataType.XINT8);
      assertThat(input.attrs().getInt("fix_point")).isPositive();
      assertThat(input.attrs().getString("round_mode")).isEqualTo("DPU_ROUND");
      assertThat(read.execute(fixed(read, 3))).isEqualTo(runner.execute(fixed(runner, 3)));
    }
  }

  @Test
  void floatsAreRoundedForAModelThatTakesIntegers() {
    try (GraphRunner runner = GraphRunner.create(compiled, FAST)) {
      Runner floats = FloatInputs.of(runner);
      assertThat(floats.inputTensors())
          .containsExactly(new Tensor("x", DataType.FLOAT32, CompiledNet.INPUT));
      assertThat(floats.outputTensors()).isEqualTo(runner.outputTensors());
      Map<String, TensorData> wanted = runner.execute(fixed(runner, 4));
      Map<String, TensorData> given = Map.of("x", CompiledNet.input(4));
      assertThat(floats.execute(given)).isEqualTo(wanted);
      assertThat(floats.await(floats.executeAsync(given), Runner.FOREVER)).isEqualTo(wanted);
      assertThat(floats.execute(fixed(runner, 4))).isEqualTo(wanted);
      assertThatThrownBy(() -> runner.execute(given))
          .hasMessageStartingWith("VART_TENSOR_INFO_ERROR: input 'x' is FLOAT32, not XINT8");
      float[] values = CompiledNet.input(4).toFloats();
      values[7] = Float.NaN;
      TensorData broken = TensorData.ofFloats(CompiledNet.INPUT, values);
      assertThatThrownBy(() -> floats.execute(Map.of("x", broken)))
          .hasMessageStartingWith("XIR_MEANINGLESS_VALUE: NaN at index 7");
      assertThatThrownBy(() -> floats.execute(Map.of()))
          .hasMessageStartingWith("VART_TENSOR_INFO_ERROR: input 'x' is missing");
      TensorData flat = CompiledNet.input(4).reshape(Shape.of(CompiledNet.INPUT.elements()));
      assertThatThrownBy(() -> floats.execute(Map.of("x", flat)))
          .hasMessageStartingWith("VART_SIZE_MISMATCH: input 'x' has shape [432]");
    }
  }

  @Test
  void aModelThatTakesFloatsIsLeftAsItIs() {
    try (GraphRunner runner = GraphRunner.create(TestGraphs.sum(), FAST)) {
      assertThat(FloatInputs.of(runner)).isSameAs(runner);
    }
  }

  private static String refusal(Graph graph, RunnerOptions options) {
    try (GraphRunner runner = GraphRunner.create(graph, options)) {
      return "none, it runs as " + runner;
    } catch (SluiceException e) {
      return e.code() + " " + e.thing() + " " + e.place();
    }
  }

  private void refused(String op, Consumer<Op> damage, String... says) {
    Op broken = compiled.op(op);
    Attrs attrs = broken.attrs();
    Tensor output = broken.output();
    damage.accept(broken);
    assertThat(refusal(compiled, FAST)).contains(says).isEqualTo(refusal(compiled, REFERENCE));
    broken.setAttrs(attrs);
    broken.setOutput(output);
  }

  private static Consumer<Op> attrs(UnaryOperator<Attrs> change) {
    return op -> op.setAttrs(change.apply(op.attrs()));
  }

  private static Consumer<Op> tensorAttrs(UnaryOperator<Attrs> change) {
    return op -> op.setOutput(op.output().withAttrs(change.apply(op.output().attrs())));
  }

  @Test
  void brokenAttributesAreRefusedByOpAndReason() {
    refused("first", attrs(a -> a.with("nonlinear", "SINE")), "XIR_UNEXPECTED_VALUE", "'first'");
    refused("first", attrs(a -> a.without("kernel")), "XIR_UNDEFINED_ATTR", "kernel");
    refused("first", attrs(a -> a.with("kernel", "3x3")), "XIR_VALUE_UNMATCH", "kernel");
    AttrValue empty = AttrValue.of(ByteString.EMPTY);
    refused("first_w", attrs(a -> a.with("data", empty)), "XIR_UNEXPECTED_VALUE", "'first_w'");
    refused("first", tensorAttrs(a -> a.without("fix_point")), "XIR_UNDEFINED_ATTR", "first");
    refused("first", tensorAttrs(a -> a.with("fix_point", 90)), "XIR_OUT_OF_RANGE", "shift");
    refused(
        "first",
        op -> op.setOutput(new Tensor(op.output().name(), DataType.FLOAT32, op.output().shape())),
        "XIR_INVALID_DATA_TYPE");
    try (GraphRunner healed = GraphRunner.create(compiled, FAST)) {
      assertThat(healed.execute(fixed(healed, 1))).containsKey("y");
    }
  }

  /** Whatever is missing or of a wrong type: it runs without, or says what is wrong. */
  @Test
  void noAttributeOfADpuOpCanBreakARunnerWithoutACode() {
    Map<String, String> outcomes = new LinkedHashMap<>();
    for (Op op : compiled.ops()) {
      if (!op.attrs().getString("device").equals("DPU")) {
        continue;
      }
      Attrs before = op.attrs();
      Tensor tensor = op.output();
      for (String name : before.asMap().keySet()) {
        op.setAttrs(before.without(name));
        outcomes.put(op.name() + " without " + name, refusal(compiled, REFERENCE));
        op.setAttrs(before.with(name, AttrValue.ofStrings(List.of("odd"))));
        outcomes.put(op.name() + " with an odd " + name, refusal(compiled, REFERENCE));
        op.setAttrs(before);
      }
      for (String name : tensor.attrs().asMap().keySet()) {
        op.setOutput(tensor.withAttrs(tensor.attrs().without(name)));
        outcomes.put(tensor.name() + " without " + name, refusal(compiled, REFERENCE));
      }
      op.setOutput(tensor);
    }
    assertThat(outcomes).hasSizeGreaterThan(50);
    assertThat(outcomes.values()).anyMatch(o -> o.startsWith("XIR_UNDEFINED_ATTR"));
    assertThat(outcomes.values()).anyMatch(o -> o.startsWith("XIR_VALUE_UNMATCH"));
    assertThat(refusal(compiled, REFERENCE)).startsWith("none");
  }
}
