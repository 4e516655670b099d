package io.sluice.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.dpu.exact.ExactEngine;
import io.sluice.dpu.exact.FixBorder;
import io.sluice.vart.GraphRunner;
import io.sluice.vart.RunnerOptions;
import io.sluice.xir.DataType;
import io.sluice.xir.Graph;
import io.sluice.xir.Npy;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import io.sluice.xir.XModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs a model once, its DPU subgraphs as the DPU does, to the byte. */
@Command(
    name = "run",
    description =
        "Run a model on NumPy arrays. DPU subgraphs give the bytes of the device, with every"
            + " engine.")
final class RunCommand implements Callable<Integer> {
  private static final long MAX_INPUT_BYTES = 1L << 30;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE.xmodel", description = "A model: float, quantized or compiled.")
  private Path model;

  @Option(
      names = "--input",
      required = true,
      paramLabel = "NAME=FILE.npy",
      description =
          "The value of an input, in the shape of the model (NHWC). Floats are rounded where the"
              + " model takes fixed point; int8 is taken as it is.")
  private Map<String, Path> inputs = new LinkedHashMap<>();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Where to write the outputs, one .npy each.")
  private Path out;

  @Option(
      names = "--engine",
      defaultValue = "FAST",
      description = "What executes DPU subgraphs: ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
  private ExactEngine.Kind engine;

  @Option(
      names = "--dump",
      paramLabel = "DIR",
      description = "Also write every tensor that crosses a border between subgraphs.")
  private Path dump;

  @Option(names = "--json", description = "Print one JSON document.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Graph graph = XModel.read(model);
    try (GraphRunner runner = GraphRunner.create(graph, RunnerOptions.standard().with(engine))) {
      Map<String, TensorData> borders = runner.trace(values(runner.inputTensors()));
      List<TensorFile> outputs = TensorFile.writeAll(out, runner.outputTensors(), borders);
      List<TensorFile> dumped = List.of();
      if (dump != null) {
        List<Tensor> all =
            borders.keySet().stream().map(name -> graph.producer(name).output()).toList();
        dumped = TensorFile.writeAll(dump, all, borders);
      }
      report(outputs, dumped);
    }
    return 0;
  }

  private Map<String, TensorData> values(List<Tensor> wanted) {
    Map<String, TensorData> values = new LinkedHashMap<>();
    inputs.forEach(
        (name, file) -> {
          Map<String, TensorData> arrays = Npy.read(file, name, MAX_INPUT_BYTES);
          if (arrays.containsKey(name)) {
            values.put(name, arrays.get(name));
          }
        });
    for (Tensor input : wanted) {
      values.computeIfPresent(input.name(), (name, value) -> fitted(value, input));
    }
    return values;
  }

  private static TensorData fitted(TensorData value, Tensor wanted) {
    if (wanted.type().isFixedPoint() && value.type().equals(DataType.FLOAT32)) {
      return FixBorder.toFix(value, wanted);
    }
    if (wanted.type().equals(DataType.XINT8) && value.type().equals(DataType.INT8)) {
      return TensorData.wrap(DataType.XINT8, value.shape(), value.array());
    }
    return value;
  }

  private void report(List<TensorFile> outputs, List<TensorFile> dumped) throws IOException {
    PrintWriter print = spec.commandLine().getOut();
    if (json) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("engine", engine.name());
      document.put("outputs", outputs);
      if (dump != null) {
        document.put("borders", dumped);
      }
      print.println(new ObjectMapper().writeValueAsString(document));
      return;
    }
    outputs.forEach(print::println);
    if (dump != null) {
      print.printf("%d tensors that cross a border written to %s%n", dumped.size(), dump);
    }
  }
}
