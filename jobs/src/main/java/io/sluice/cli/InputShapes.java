package io.sluice.cli;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The option by which dynamic inputs of an ONNX network get their shapes. */
final class InputShapes {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--input-shape",
      paramLabel = "NAME=1,3,48,192",
      description = "The shape of an input, as the ONNX file has it; for each dynamic one.")
  private Map<String, String> texts = new LinkedHashMap<>();

  /** By the names of the inputs, in the order of ONNX. */
  Map<String, int[]> shapes() {
    Map<String, int[]> shapes = new LinkedHashMap<>();
    texts.forEach((input, text) -> shapes.put(input, dims(input, text)));
    return shapes;
  }

  private int[] dims(String input, String text) {
    try {
      return Arrays.stream(text.split(",")).map(String::trim).mapToInt(Integer::parseInt).toArray();
    } catch (NumberFormatException e) {
      throw new ParameterException(
          spec.commandLine(),
          "--input-shape " + input + "=" + text + " is not like NAME=1,3,48,192");
    }
  }
}
