package io.sluice.zoo;

import io.sluice.compile.CompiledModel;
import io.sluice.compile.Compiler;
import io.sluice.dpu.exact.ExactEngine;
import io.sluice.dpu.exact.FixBorder;
import io.sluice.onnx.OnnxExporter;
import io.sluice.optimize.Rewrite;
import io.sluice.ort.OrtModel;
import io.sluice.target.Targets;
import io.sluice.vart.GraphRunner;
import io.sluice.vart.RunnerOptions;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One inference of a network by the exact engine, and of its float form by ONNX Runtime. Both do
 * the same multiply-accumulates; the exact engine adds a rounding to each layer, so it is expected
 * behind float by what one more pass over the activations costs: a few percent where convolutions
 * are large, up to about as much again where a network is as small as these are by default.
 *
 * <p>Before anything is timed, every border of one input is compared with the reference.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EngineBenchmark {
  private static final String TARGET = "DPUCZDX8G_ISA1_B4096";
  private static final int SAMPLES = 2;
  private static final long SEED = 17;

  @Param public Zoo network;

  /** Whether it has its published size; the reference takes a minute for some of these. */
  @Param("false")
  public boolean full;

  /** Over how many one op is spread. */
  @Param({"1", "2"})
  public int threads;

  private GraphRunner exact;
  private OrtModel floats;
  private Map<String, TensorData> images;
  private Map<String, TensorData> fixedImages;

  /** Quantizes, compiles, opens both and compares. */
  @Setup
  public void open() {
    Graph graph = Network.of(network, full ? network.full() : network.small()).imported();
    Graph quantized = Network.quantized(graph, SAMPLES, SEED);
    CompiledModel compiled = Compiler.compile(quantized, Targets.builtIn().byName(TARGET));
    List<Tensor> inputs = tensors(graph.inputs());
    List<Op> outputs = List.copyOf(Rewrite.outputs(graph));
    byte[] onnx = OnnxExporter.export(graph, graph.inputs(), outputs);
    floats = new OrtModel(onnx, inputs, tensors(outputs), network.title(), threads);
    exact = GraphRunner.create(compiled.graph(), new RunnerOptions(threads));
    images = Network.noise(inputs, SEED + 1);
    fixedImages = new HashMap<>();
    for (Tensor input : exact.inputTensors()) {
      TensorData image = images.get(input.name());
      fixedImages.put(
          input.name(), input.type().isFixedPoint() ? FixBorder.toFix(image, input) : image);
    }
    compare(compiled.graph());
  }

  private static List<Tensor> tensors(List<Op> ops) {
    return ops.stream().map(Op::output).toList();
  }

  private void compare(Graph graph) {
    RunnerOptions options = new RunnerOptions(threads).with(ExactEngine.Kind.REFERENCE);
    try (GraphRunner reference = GraphRunner.create(graph, options)) {
      Map<String, TensorData> expected = reference.trace(fixedImages);
      Map<String, TensorData> actual = exact.trace(fixedImages);
      Map<String, TensorData> given = exact.execute(fixedImages);
      for (Map.Entry<String, TensorData> border : expected.entrySet()) {
        String name = border.getKey();
        boolean equal = border.getValue().equals(actual.get(name));
        if (!equal || !border.getValue().equals(given.getOrDefault(name, border.getValue()))) {
          throw new IllegalStateException(
              network.title() + ": tensor '" + name + "' is not the reference's");
        }
      }
    }
  }

  /** The compiled network, with what is left on the CPU. */
  @Benchmark
  public Map<String, TensorData> exact() {
    return exact.execute(fixedImages);
  }

  /** The float network. */
  @Benchmark
  public Map<String, TensorData> floats() {
    return floats.run(images);
  }

  /** Closes both. */
  @TearDown
  public void close() {
    exact.close();
    floats.close();
  }
}
