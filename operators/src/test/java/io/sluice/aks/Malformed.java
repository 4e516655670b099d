package io.sluice.aks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.provider.Arguments;

/**
 * Graph and kernel files with one fault each, and how they are refused: by code, place and remedy.
 */
final class Malformed {
  private static final String CHAIN =
      """
      {"graph_name": "g", "version": "0.1", "node_list": [
        {"node_name": "a", "node_params": {"Add": {"adder": 1}}, "next_node": ["b"]},
        {"node_name": "b", "node_params": {"Add": {"adder": 2}}, "next_node": ["c"]},
        {"node_name": "c", "node_params": {"Pass": {}}, "next_node": []}]}""";

  private static final String KERNEL =
      """
      {"kernel_name": "Image", "description": "d", "kernel_type": "cpp", "device_type": "cpu",
       "kernel_lib": "libs/libImage.so", "num_cu": 4,
       "param_list": {"net_w": {"type": "int", "optional": false}}}""";

  static Arguments chain(String what, String from, String to, ErrorCode code, String at) {
    assertThat(CHAIN).contains(from);
    return arguments(what, CHAIN.replace(from, to), code, at);
  }

  static Arguments node(String what, String params, ErrorCode code, String at) {
    return arguments(
        what,
        "{\"graph_name\": \"g\", \"node_list\": [{\"node_name\": \"n\", \"node_params\": "
            + params
            + "}]}",
        code,
        at);
  }

  static Arguments image(String what, String params, ErrorCode code) {
    return node(
        what,
        "{\"Image\": {\"net_w\": 8" + params + "}}",
        code,
        "$.node_list[0].node_params.Image");
  }

  static Arguments kernel(String what, String from, String to, ErrorCode code, String at) {
    assertThat(KERNEL).contains(from);
    return arguments(what, KERNEL.replace(from, to), code, at);
  }

  private Malformed() {}

  static void refusesGraph(String json, ErrorCode code, String at) {
    KernelFiles kernels = KernelFiles.none(InstalledKernels.of(TestKernels.all()));
    GraphLoader loader =
        new GraphLoader(kernels, JobContext.none(), new ModelFiles(Path.of("models")));
    refuses(() -> loader.load(GraphFile.of(json("g.json", json))), "g.json", code, at);
  }

  static void refusesKernel(String json, ErrorCode code, String at) {
    KernelFiles kernels = KernelFiles.none(InstalledKernels.of(TestKernels.all()));
    refuses(() -> kernels.add(json("k.json", json)), "k.json", code, at);
  }

  private static JsonAt json(String file, String text) {
    return JsonAt.parse(text.getBytes(StandardCharsets.UTF_8), "file '" + file + "'");
  }

  private static void refuses(ThrowingCallable call, String file, ErrorCode code, String at) {
    SluiceException refusal = catchThrowableOfType(SluiceException.class, call);
    assertThat(refusal).isNotNull();
    assertThat(refusal.code()).describedAs(refusal.getMessage()).isEqualTo(code);
    assertThat(refusal.place()).contains(file).contains(at);
    assertThat(refusal.thing()).isNotBlank();
    assertThat(refusal.remedy()).isNotBlank();
    assertThat(refusal.getMessage()).hasLineCount(1);
  }
}
