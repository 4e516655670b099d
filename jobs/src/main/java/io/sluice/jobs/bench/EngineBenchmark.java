package io.sluice.jobs.bench;

import io.sluice.compile.CompiledModel;
import io.sluice.compile.Compiler;
import io.sluice.dpu.exact.ExactEngine;
import io.sluice.dpu.exact.FixBorder;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.onnx.OnnxExporter;
import io.sluice.onnx.OnnxImporter;
import io.sluice.onnx.QdqExporter;
import io.sluice.optimize.Rewrite;
import io.sluice.ort.OrtModel;
import io.sluice.quantize.QuantizeConfig;
import io.sluice.quantize.Quantizer;
import io.sluice.target.DpuTarget;
import io.sluice.vart.GraphRunner;
import io.sluice.vart.RunnerOptions;
import io.sluice.xir.DataType;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Times the exact engine beside ONNX Runtime on the same network: its float form and its own INT8
 * kernels. The network is quantized on seeded noise, since times do not depend on the values.
 * Before anything is timed, one input is computed by the reference as well and every border
 * compared.
 */
public final class EngineBenchmark implements AutoCloseable {
  private static final int CALIBRATION_SAMPLES = 2;
  private static final int WARM_UP_ROUNDS = 3;
  private static final double NS_PER_MS = 1e6;

  private final String name;
  private final Graph graph;
  private final Graph quantized;
  private final CompiledModel compiled;
  private final long seed;
  private final int threads;
  private final GraphRunner exact;
  private final OrtModel floats;
  private final Map<String, StockInt8> int8 = new LinkedHashMap<>();

  /**
   * @param model a float ONNX network
   * @param shapes of its dynamic inputs, as ONNX has them
   * @param threads that one operator is spread over
   */
  public EngineBenchmark(
      Path model, Map<String, int[]> shapes, DpuTarget target, int threads, long seed) {
    this.name = model.getFileName().toString();
    this.seed = seed;
    this.threads = threads;
    this.graph = OnnxImporter.importModel(model, shapes);
    List<Map<String, TensorData>> samples = new ArrayList<>();
    for (int i = 0; i < CALIBRATION_SAMPLES; i++) {
      samples.add(noise(graph.inputs().stream().map(Op::output).toList(), seed + i));
    }
    this.quantized =
        Quantizer.quantize(List.of(graph), samples, QuantizeConfig.standard()).get(0).graph();
    this.compiled = Compiler.compile(quantized, target);
    List<AutoCloseable> open = new ArrayList<>();
    try {
      this.exact = GraphRunner.create(compiled.graph(), new RunnerOptions(threads));
      open.add(exact);
      List<Op> outputs = List.copyOf(Rewrite.outputs(graph));
      this.floats =
          ort(graph, outputs, OnnxExporter.export(graph, graph.inputs(), outputs), "float");
      open.add(floats);
      List<Op> fixed = List.copyOf(Rewrite.outputs(quantized));
      byte[] u8s8 = QdqExporter.exportU8s8(quantized, quantized.inputs(), fixed);
      open.add(stock("u8s8", u8s8, fixed, false));
      byte[] s8s8 = QdqExporter.exportS8s8(quantized, quantized.inputs(), fixed);
      open.add(stock("s8s8", s8s8, fixed, true));
    } catch (RuntimeException | Error e) {
      open.forEach(EngineBenchmark::closeQuietly);
      throw e;
    }
  }

  private OrtModel ort(Graph of, List<Op> outputs, byte[] onnx, String what) {
    return new OrtModel(onnx, tensors(of.inputs()), tensors(outputs), place(what), threads);
  }

  private StockInt8 stock(String form, byte[] onnx, List<Op> outputs, boolean signed) {
    List<Tensor> inputs = tensors(quantized.inputs());
    StockInt8 model = new StockInt8(onnx, inputs, tensors(outputs), place(form), threads, signed);
    int8.put(form, model);
    return model;
  }

  private static List<Tensor> tensors(List<Op> ops) {
    return ops.stream().map(Op::output).toList();
  }

  private String place(String what) {
    return name + " in " + what;
  }

  /** Compares, warms up, and runs so many rounds. */
  public EngineResult run(int rounds) {
    Map<String, TensorData> values =
        noise(graph.inputs().stream().map(Op::output).toList(), seed + CALIBRATION_SAMPLES);
    Map<String, TensorData> fixed = fitted(values);
    long[] compared = compare(fixed);
    Map<String, TensorData> outputs = exact.execute(fixed);
    List<Runnable> peers = new ArrayList<>();
    peers.add(() -> exact.execute(fixed));
    peers.add(() -> floats.run(values));
    int8.values().forEach(model -> peers.add(() -> model.run(values)));
    double[] ms = mediansMs(peers, rounds);
    List<Int8Result> stock = new ArrayList<>();
    List<List<TensorData>> stockOutputs = new ArrayList<>();
    for (Map.Entry<String, StockInt8> entry : int8.entrySet()) {
      double own = ms[2 + stock.size()];
      StockInt8 model = entry.getValue();
      List<TensorData> theirs = List.copyOf(model.run(values).values());
      stockOutputs.add(theirs);
      long wrong = differences(outputs, theirs);
      stock.add(new Int8Result(entry.getKey(), own, own / ms[1], wrong, model.kernels()));
    }
    return new EngineResult(
        name,
        compiled.target().name(),
        threads,
        rounds,
        seed,
        ms[0],
        ms[1],
        ms[0] / ms[1],
        compared[0],
        compared[1],
        compiled.dpuMacShare(),
        exact.refused(),
        List.copyOf(stock),
        mismatches(stockOutputs.get(0), stockOutputs.get(1)));
  }

  /** Of each peer; all run in turn in every round. */
  private static double[] mediansMs(List<Runnable> peers, int rounds) {
    double[][] ns = new double[peers.size()][rounds];
    for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
      for (int i = 0; i < ns.length; i++) {
        long begun = System.nanoTime();
        peers.get(i).run();
        if (round >= 0) {
          ns[i][round] = System.nanoTime() - begun;
        }
      }
    }
    return Arrays.stream(ns).mapToDouble(EngineBenchmark::medianMs).toArray();
  }

  private Map<String, TensorData> fitted(Map<String, TensorData> values) {
    Map<String, TensorData> fixed = new LinkedHashMap<>();
    for (Tensor input : exact.inputTensors()) {
      TensorData value = values.get(input.name());
      if (value == null) {
        throw new SluiceException(
            ErrorCode.VART_TENSOR_INFO_ERROR,
            "the compiled network asks for '" + input.name() + "', not for " + values.keySet(),
            name,
            "give a network whose inputs keep their names when it is compiled");
      }
      fixed.put(input.name(), input.type().isFixedPoint() ? FixBorder.toFix(value, input) : value);
    }
    return fixed;
  }

  /**
   * How many values cross borders or are outputs, and how many of them are not the reference's. The
   * outputs are of the run that is timed, which makes no borders that it does not need.
   */
  private long[] compare(Map<String, TensorData> fixed) {
    RunnerOptions options = new RunnerOptions(threads).with(ExactEngine.Kind.REFERENCE);
    try (GraphRunner reference = GraphRunner.create(compiled.graph(), options)) {
      Map<String, TensorData> expected = reference.trace(fixed);
      Map<String, TensorData> actual = exact.trace(fixed);
      long count = 0;
      long wrong = 0;
      for (Map.Entry<String, TensorData> border : expected.entrySet()) {
        TensorData value = actual.get(border.getKey());
        count += border.getValue().shape().elements();
        wrong += mismatches(border.getValue(), value);
      }
      for (Map.Entry<String, TensorData> output : exact.execute(fixed).entrySet()) {
        count += output.getValue().shape().elements();
        wrong += mismatches(expected.get(output.getKey()), output.getValue());
      }
      return new long[] {count, wrong};
    }
  }

  /** Outputs in the order of their names; those that a DPU leaves as integers count as such. */
  private long differences(Map<String, TensorData> dpu, List<TensorData> theirs) {
    long wrong = 0;
    int i = 0;
    for (Tensor output : exact.outputTensors()) {
      TensorData value = dpu.get(output.name());
      if (value.type().isFixedPoint()) {
        value = FixBorder.toFloat(value, output.attrs().getInt("fix_point"));
      }
      if (i < theirs.size() && theirs.get(i).type().equals(value.type())) {
        wrong += mismatches(value, theirs.get(i));
      }
      i++;
    }
    return wrong;
  }

  private static long mismatches(List<TensorData> expected, List<TensorData> actual) {
    long wrong = 0;
    for (int i = 0; i < expected.size(); i++) {
      wrong += mismatches(expected.get(i), actual.get(i));
    }
    return wrong;
  }

  private static long mismatches(TensorData expected, TensorData actual) {
    int width = expected.type().bytes();
    byte[] a = expected.array();
    byte[] b = actual.array();
    long wrong = 0;
    for (int i = 0; i < a.length; i += width) {
      wrong += Arrays.equals(a, i, i + width, b, i, i + width) ? 0 : 1;
    }
    return wrong;
  }

  private static double medianMs(double[] ns) {
    double[] sorted = ns.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2] / NS_PER_MS;
  }

  /** Uniform in -1 .. 1. */
  private static Map<String, TensorData> noise(List<Tensor> inputs, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, TensorData> noise = new LinkedHashMap<>();
    for (Tensor input : inputs) {
      if (!input.type().equals(DataType.FLOAT32)) {
        throw new SluiceException(
            ErrorCode.VART_TENSOR_INFO_ERROR,
            "input '" + input.name() + "' is " + input.type(),
            "benchmark of the exact engine",
            "give a network whose inputs are FLOAT32");
      }
      float[] values = new float[input.shape().elements()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (2 * random.nextDouble() - 1);
      }
      noise.put(input.name(), TensorData.ofFloats(input.shape(), values));
    }
    return noise;
  }

  private static void closeQuietly(AutoCloseable open) {
    try {
      open.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    exact.close();
    floats.close();
    int8.values().forEach(StockInt8::close);
  }
}
