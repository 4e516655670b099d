package io.sluice.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.sluice.onnx.OnnxImporter;
import io.sluice.onnx.QdqExporter;
import io.sluice.optimize.Rewrite;
import io.sluice.quantize.PositionMethod;
import io.sluice.quantize.QuantizeConfig;
import io.sluice.quantize.QuantizedModel;
import io.sluice.quantize.Quantizer;
import io.sluice.quantize.Samples;
import io.sluice.xir.Graph;
import io.sluice.xir.Npy;
import io.sluice.xir.Op;
import io.sluice.xir.TensorData;
import io.sluice.xir.XModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Quantizes an ONNX model to power-of-two INT8. */
@Command(
    name = "quantize",
    description = "Quantize a float ONNX model to power-of-two INT8 from calibration data.")
public final class QuantizeCommand implements Callable<Integer> {
  private static final long MAX_CALIBRATION_BYTES = 2L << 30;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "MODEL.onnx", description = "The float model.")
  private Path model;

  @Option(
      names = "--calib",
      required = true,
      paramLabel = "DATA",
      description = "Calibration data, .npy or .npz, with the samples along dimension 0.")
  private Path calibration;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "Where to write: .xmodel (fix ops) or .onnx (QuantizeLinear).")
  private Path out;

  @Mixin private InputShapes inputShapes;

  @Option(
      names = "--method",
      defaultValue = "MIN_MSE",
      description = "For weights and activations: ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
  private PositionMethod method;

  @Option(names = "--json", description = "Print one JSON document.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    String name = out.getFileName().toString().toLowerCase(Locale.ROOT);
    if (!name.endsWith(".xmodel") && !name.endsWith(".onnx")) {
      throw usage("--out '" + out + "' ends neither with .xmodel nor with .onnx");
    }
    Map<String, int[]> shapes = inputShapes.shapes();
    Graph graph = OnnxImporter.importModel(model, shapes);
    List<Op> inputs = graph.inputs();
    Map<String, TensorData> data =
        Npy.read(calibration, inputs.get(0).output().name(), MAX_CALIBRATION_BYTES);
    QuantizedModel quantized =
        Quantizer.quantize(graph, Samples.of(inputs, data), QuantizeConfig.of(method).refined());
    if (name.endsWith(".xmodel")) {
      XModel.write(quantized.graph(), out);
    } else {
      List<Op> outputs = List.copyOf(Rewrite.outputs(quantized.graph()));
      writeWhole(QdqExporter.export(quantized.graph(), quantized.graph().inputs(), outputs));
    }
    report(quantized);
    return 0;
  }

  private void writeWhole(byte[] bytes) throws IOException {
    Path part = out.resolveSibling(out.getFileName() + ".part");
    Files.write(part, bytes);
    Files.move(part, out, StandardCopyOption.REPLACE_EXISTING);
  }

  private void report(QuantizedModel quantized) throws IOException {
    PrintWriter print = spec.commandLine().getOut();
    if (json) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("positions", quantized.positions());
      document.put("warnings", quantized.warnings());
      print.println(
          new ObjectMapper()
              .enable(SerializationFeature.INDENT_OUTPUT)
              .writeValueAsString(document));
      return;
    }
    quantized.positions().forEach((tensor, p) -> print.printf("%4d  %s%n", p, tensor));
    quantized.warnings().forEach(w -> print.println("warning: " + w));
    print.println(quantized.positions().size() + " tensors quantized, written to " + out);
  }

  private ParameterException usage(String what) {
    return new ParameterException(spec.commandLine(), what);
  }
}
