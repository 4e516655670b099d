package io.sluice.aks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong with a graph or kernel file is told with code, place and remedy. */
class MalformedFilesTest {
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

  private static Arguments chain(String what, String from, String to, ErrorCode code, String at) {
    assertThat(CHAIN).contains(from);
    return arguments(what, CHAIN.replace(from, to), code, at);
  }

  private static Arguments node(String what, String params, ErrorCode code, String at) {
    return arguments(
        what,
        "{\"graph_name\": \"g\", \"node_list\": [{\"node_name\": \"n\", \"node_params\": "
            + params
            + "}]}",
        code,
        at);
  }

  private static Arguments image(String what, String params, ErrorCode code) {
    return node(
        what,
        "{\"Image\": {\"net_w\": 8" + params + "}}",
        code,
        "$.node_list[0].node_params.Image");
  }

  private static Arguments kernel(String what, String from, String to, ErrorCode code, String at) {
    assertThat(KERNEL).contains(from);
    return arguments(what, KERNEL.replace(from, to), code, at);
  }

  static Stream<Arguments> graphs() {
    return Stream.of(
        // JSON
        arguments("nothing", "", ErrorCode.SLUICE_GRAPH_JSON, "$"),
        arguments("no JSON", "graph", ErrorCode.SLUICE_GRAPH_JSON, "line 1"),
        arguments("cut off", "{\n\"graph_name\": \"g\",", ErrorCode.SLUICE_GRAPH_JSON, "line 2"),
        arguments("an array", "[]", ErrorCode.SLUICE_GRAPH_JSON, "$"),
        arguments("two documents", "{} {}", ErrorCode.SLUICE_GRAPH_JSON, "line 1"),
        arguments("a comment", "{/* */}", ErrorCode.SLUICE_GRAPH_JSON, "line 1"),
        arguments(
            "a key twice",
            "{\n\"graph_name\": \"g\",\n\"graph_name\": \"h\"}",
            ErrorCode.SLUICE_GRAPH_JSON,
            "line 3"),
        arguments("too deep", "{\"a\":".repeat(10_000), ErrorCode.SLUICE_GRAPH_LIMIT, "g.json"),
        arguments(
            "too long", " ".repeat(JsonAt.MAX_BYTES + 1), ErrorCode.SLUICE_GRAPH_LIMIT, "g.json"),
        arguments(
            "a long number",
            "{\"graph_name\": " + "9".repeat(1000) + "}",
            ErrorCode.SLUICE_GRAPH_LIMIT,
            "g.json"),
        arguments(
            "a long string",
            "{\"graph_name\": \"" + "x".repeat(1 << 17) + "\"}",
            ErrorCode.SLUICE_GRAPH_LIMIT,
            "g.json"),
        // fields
        chain("no name", "\"graph_name\": \"g\", ", "", ErrorCode.SLUICE_GRAPH_FIELD_MISSING, "$"),
        chain("a blank name", "\"g\"", "\" \"", ErrorCode.SLUICE_GRAPH_FIELD_VALUE, "$.graph_name"),
        chain("a number as name", "\"g\"", "7", ErrorCode.SLUICE_GRAPH_FIELD_TYPE, "$.graph_name"),
        chain(
            "a version in numbers", "\"0.1\"", "1", ErrorCode.SLUICE_GRAPH_FIELD_TYPE, "$.version"),
        chain(
            "a field of no meaning",
            "version",
            "verison",
            ErrorCode.SLUICE_GRAPH_FIELD_UNKNOWN,
            "$"),
        arguments("no nodes", "{\"graph_name\": \"g\"}", ErrorCode.SLUICE_GRAPH_FIELD_MISSING, "$"),
        arguments(
            "an empty list",
            "{\"graph_name\": \"g\", \"node_list\": []}",
            ErrorCode.SLUICE_GRAPH_FIELD_VALUE,
            "$.node_list"),
        arguments(
            "nodes as an object",
            "{\"graph_name\": \"g\", \"node_list\": {}}",
            ErrorCode.SLUICE_GRAPH_FIELD_TYPE,
            "$.node_list"),
        arguments(
            "a node that is a string",
            "{\"graph_name\": \"g\", \"node_list\": [\"a\"]}",
            ErrorCode.SLUICE_GRAPH_FIELD_TYPE,
            "$.node_list[0]"),
        arguments(
            "too many nodes",
            "{\"graph_name\": \"g\", \"node_list\": [" + "{},".repeat(1000) + "{}]}",
            ErrorCode.SLUICE_GRAPH_LIMIT,
            "$.node_list"),
        chain(
            "a node without a name",
            "\"node_name\": \"b\", ",
            "",
            ErrorCode.SLUICE_GRAPH_FIELD_MISSING,
            "$.node_list[1]"),
        chain(
            "a name with a colon",
            "\"node_name\": \"b\"",
            "\"node_name\": \"b:1\"",
            ErrorCode.SLUICE_GRAPH_FIELD_VALUE,
            "$.node_list[1].node_name"),
        chain(
            "two nodes of one name",
            "\"node_name\": \"b\"",
            "\"node_name\": \"a\"",
            ErrorCode.SLUICE_GRAPH_NODE_DUPLICATE,
            "$.node_list[1].node_name"),
        chain(
            "a node without params",
            "\"node_params\": {\"Pass\": {}}, ",
            "",
            ErrorCode.SLUICE_GRAPH_FIELD_MISSING,
            "$.node_list[2]"),
        chain(
            "a misspelt field of a node",
            "\"next_node\": []",
            "\"next_nodes\": []",
            ErrorCode.SLUICE_GRAPH_FIELD_UNKNOWN,
            "$.node_list[2]"),
        chain(
            "a successor that is no array",
            "[\"b\"]",
            "\"b\"",
            ErrorCode.SLUICE_GRAPH_FIELD_TYPE,
            "$.node_list[0].next_node"),
        chain(
            "a node without kernel",
            "{\"Pass\": {}}",
            "{}",
            ErrorCode.SLUICE_GRAPH_FIELD_VALUE,
            "$.node_list[2].node_params"),
        chain(
            "a node with two kernels",
            "{\"Pass\": {}}",
            "{\"Pass\": {}, \"Split\": {}}",
            ErrorCode.SLUICE_GRAPH_FIELD_VALUE,
            "$.node_list[2].node_params"),
        // edges
        chain(
            "an unknown successor",
            "[\"b\"]",
            "[\"x\"]",
            ErrorCode.SLUICE_GRAPH_SUCCESSOR_UNKNOWN,
            "$.node_list[0].next_node[0]"),
        chain(
            "a successor twice",
            "[\"b\"]",
            "[\"b\", \"b\"]",
            ErrorCode.SLUICE_GRAPH_SUCCESSOR_DUPLICATE,
            "$.node_list[0].next_node[1]"),
        chain(
            "an unknown kernel",
            "\"Pass\"",
            "\"pass\"",
            ErrorCode.SLUICE_GRAPH_KERNEL_UNKNOWN,
            "$.node_list[2].node_params"),
        chain(
            "a cycle of all",
            "\"next_node\": []",
            "\"next_node\": [\"a\"]",
            ErrorCode.SLUICE_GRAPH_CYCLE,
            "$.node_list[0]"),
        chain(
            "a cycle behind the start",
            "\"next_node\": []",
            "\"next_node\": [\"b\"]",
            ErrorCode.SLUICE_GRAPH_CYCLE,
            "$.node_list[1]"),
        chain(
            "a node that follows itself",
            "[\"b\"]",
            "[\"a\", \"b\"]",
            ErrorCode.SLUICE_GRAPH_CYCLE,
            "$.node_list[0]"),
        chain(
            "an isolated node",
            "[\"c\"]",
            "[]",
            ErrorCode.SLUICE_GRAPH_NODE_ISOLATED,
            "$.node_list[2]"),
        chain(
            "a start that is never reached",
            "[\"b\"]",
            "[\"c\"]",
            ErrorCode.SLUICE_GRAPH_START_UNREACHED,
            "$.node_list[0]"),
        // parameters
        chain(
            "a missing parameter",
            "{\"adder\": 2}",
            "{}",
            ErrorCode.SLUICE_GRAPH_PARAM_MISSING,
            "$.node_list[1].node_params.Add"),
        chain(
            "an unknown parameter",
            "{\"adder\": 2}",
            "{\"adder\": 2, \"add\": 1}",
            ErrorCode.SLUICE_GRAPH_PARAM_UNKNOWN,
            "$.node_list[1].node_params.Add"),
        chain(
            "a parameter that is null",
            "2",
            "null",
            ErrorCode.SLUICE_GRAPH_PARAM_MISSING,
            "$.node_list[1].node_params.Add"),
        chain(
            "an int with a fraction",
            "2",
            "2.5",
            ErrorCode.SLUICE_GRAPH_PARAM_TYPE,
            "$.node_list[1].node_params.Add.adder"),
        chain(
            "an int beyond 32 bits",
            "2",
            "3000000000",
            ErrorCode.SLUICE_GRAPH_PARAM_TYPE,
            "$.node_list[1].node_params.Add.adder"),
        chain(
            "an int of a huge exponent",
            "2",
            "1e999999999",
            ErrorCode.SLUICE_GRAPH_PARAM_TYPE,
            "$.node_list[1].node_params.Add.adder"),
        chain(
            "an int that is a word",
            "2",
            "\"two\"",
            ErrorCode.SLUICE_GRAPH_PARAM_TYPE,
            "$.node_list[1].node_params.Add.adder"),
        chain(
            "params that are an array",
            "{\"adder\": 2}",
            "[2]",
            ErrorCode.SLUICE_GRAPH_FIELD_TYPE,
            "$.node_list[1].node_params.Add"),
        image(
            "a float that is true",
            ", \"net_h\": 8, \"scale\": true",
            ErrorCode.SLUICE_GRAPH_PARAM_TYPE),
        image(
            "a float beyond its range",
            ", \"net_h\": 8, \"scale\": 1e39",
            ErrorCode.SLUICE_GRAPH_PARAM_TYPE),
        image(
            "an array that is a number",
            ", \"net_h\": 8, \"mean\": 1",
            ErrorCode.SLUICE_GRAPH_PARAM_TYPE),
        image(
            "an array with a string",
            ", \"net_h\": 8, \"mean\": [1, \"x\"]",
            ErrorCode.SLUICE_GRAPH_PARAM_TYPE),
        image(
            "ints with a fraction",
            ", \"net_h\": 8, \"sizes\": [1, 1.5]",
            ErrorCode.SLUICE_GRAPH_PARAM_TYPE),
        image(
            "strings with a number",
            ", \"net_h\": 8, \"names\": [1]",
            ErrorCode.SLUICE_GRAPH_PARAM_TYPE),
        image(
            "a string that is a number",
            ", \"net_h\": 8, \"output_layout\": 1",
            ErrorCode.SLUICE_GRAPH_PARAM_TYPE),
        image(
            "a value that the kernel refuses",
            ", \"net_h\": 8, \"output_layout\": \"CHWN\"",
            ErrorCode.SLUICE_GRAPH_PARAM_VALUE),
        image(
            "a size that the kernel refuses", ", \"net_h\": 0", ErrorCode.SLUICE_GRAPH_PARAM_VALUE),
        // shapes, splits, models
        chain(
            "a shape that the next kernel cannot take",
            "{\"Pass\": {}}",
            "{\"Scores\": {}}",
            ErrorCode.SLUICE_GRAPH_SHAPE,
            "$.node_list[2].node_params.Scores"),
        chain(
            "a join without a split",
            "{\"Pass\": {}}",
            "{\"Sum\": {}}",
            ErrorCode.SLUICE_GRAPH_SPLIT,
            "$.node_list[2]"),
        chain(
            "a split without a join",
            "{\"Add\": {\"adder\": 2}}",
            "{\"Split\": {}}",
            ErrorCode.SLUICE_GRAPH_SPLIT,
            "$.node_list[2]"),
        chain(
            "a split of parts",
            "\"node_params\": {\"Pass\": {}}, \"next_node\": []}",
            "\"node_params\": {\"Split\": {}}, \"next_node\": [\"d\"]}, {\"node_name\": \"d\", \"node_params\": {\"Split\": {}}}",
            ErrorCode.SLUICE_GRAPH_SPLIT,
            "$.node_list[3]"),
        chain(
            "whole jobs and parts in one node",
            "{\"Add\": {\"adder\": 1}}, \"next_node\": [\"b\"]",
            "{\"Split\": {}}, \"next_node\": [\"b\", \"c\"]",
            ErrorCode.SLUICE_GRAPH_SPLIT,
            "$.node_list"),
        node(
            "a DPU node without a model",
            "{\"DPURunner\": {}}",
            ErrorCode.SLUICE_GRAPH_PARAM_VALUE,
            "DPURunner"),
        node(
            "a model file that is not there",
            "{\"DPURunner\": {\"model_file\": \"no.xmodel\"}}",
            ErrorCode.SLUICE_GRAPH_MODEL_FILE,
            "DPURunner"),
        node(
            "a model file that is no path",
            "{\"DPURunner\": {\"model_file\": \"a\\u0000\"}}",
            ErrorCode.SLUICE_GRAPH_MODEL_FILE,
            "DPURunner"),
        node(
            "no runners",
            "{\"DPURunner\": {\"model_file\": \"m\", \"num_runners\": 0}}",
            ErrorCode.SLUICE_GRAPH_PARAM_VALUE,
            "DPURunner"),
        // the extension
        chain(
            "an unknown extension",
            "\"version\": \"0.1\"",
            "\"sluice\": {\"x\": 1}",
            ErrorCode.SLUICE_GRAPH_FIELD_UNKNOWN,
            "$.sluice"),
        chain(
            "an answer of no kind",
            "\"version\": \"0.1\"",
            "\"sluice\": {\"answer\": \"xml\"}",
            ErrorCode.SLUICE_GRAPH_FIELD_VALUE,
            "$.sluice.answer"),
        chain(
            "an input that is no node",
            "\"version\": \"0.1\"",
            "\"sluice\": {\"inputs\": [\"x\"]}",
            ErrorCode.SLUICE_GRAPH_INPUT_UNKNOWN,
            "$.sluice.inputs"),
        chain(
            "an input that has a parent",
            "\"version\": \"0.1\"",
            "\"sluice\": {\"inputs\": [\"b\"]}",
            ErrorCode.SLUICE_GRAPH_INPUT_UNKNOWN,
            "$.sluice.inputs"),
        chain(
            "an output of an inner node",
            "\"version\": \"0.1\"",
            "\"sluice\": {\"outputs\": {\"o\": \"a:0\"}}",
            ErrorCode.SLUICE_GRAPH_INPUT_UNKNOWN,
            "$.sluice.outputs.o"),
        chain(
            "an output that is no number",
            "\"version\": \"0.1\"",
            "\"sluice\": {\"outputs\": {\"o\": \"c:x\"}}",
            ErrorCode.SLUICE_GRAPH_INPUT_UNKNOWN,
            "$.sluice.outputs.o"),
        chain(
            "a tensor of no parent",
            "\"next_node\": []",
            "\"sluice\": {\"inputs\": [\"a\"]}",
            ErrorCode.SLUICE_GRAPH_INPUT_UNKNOWN,
            "$.node_list[2].sluice.inputs"),
        chain(
            "a tensor that the parent has not",
            "\"next_node\": []",
            "\"sluice\": {\"inputs\": [\"b:1\"]}",
            ErrorCode.SLUICE_GRAPH_INPUT_UNKNOWN,
            "$.node_list[2].sluice.inputs"),
        chain(
            "a negative timeout",
            "\"next_node\": []",
            "\"sluice\": {\"timeout_ms\": -1}",
            ErrorCode.SLUICE_GRAPH_FIELD_VALUE,
            "$.node_list[2].sluice.timeout_ms"),
        chain(
            "no subtasks",
            "\"next_node\": []",
            "\"sluice\": {\"parallelism\": 0}",
            ErrorCode.SLUICE_GRAPH_FIELD_VALUE,
            "$.node_list[2].sluice.parallelism"),
        chain(
            "a join without room",
            "\"next_node\": []",
            "\"sluice\": {\"join\": {\"max_jobs\": 0}}",
            ErrorCode.SLUICE_GRAPH_FIELD_VALUE,
            "$.node_list[2].sluice.join.max_jobs"),
        chain(
            "batches of a kernel that is no network",
            "\"next_node\": []",
            "\"sluice\": {\"dpu\": {\"max_batch\": 2}}",
            ErrorCode.SLUICE_GRAPH_FIELD_VALUE,
            "$.node_list[2].sluice"),
        chain(
            "a preferred batch above the largest",
            "\"next_node\": []",
            "\"sluice\": {\"dpu\": {\"max_batch\": 2, \"preferred\": [3]}}",
            ErrorCode.SLUICE_GRAPH_FIELD_VALUE,
            "$.node_list[2].sluice.dpu"),
        chain(
            "a priority that there is not",
            "\"next_node\": []",
            "\"sluice\": {\"dpu\": {\"priorities\": 2, \"priority\": 3}}",
            ErrorCode.SLUICE_GRAPH_FIELD_VALUE,
            "$.node_list[2].sluice.dpu.priority"),
        chain(
            "a bound of no meaning",
            "\"next_node\": []",
            "\"sluice\": {\"join\": {\"max\": 1}}",
            ErrorCode.SLUICE_GRAPH_FIELD_UNKNOWN,
            "$.node_list[2].sluice.join"));
  }

  static Stream<Arguments> kernels() {
    return Stream.of(
        kernel(
            "no name",
            "\"kernel_name\": \"Image\", ",
            "",
            ErrorCode.SLUICE_GRAPH_FIELD_MISSING,
            "$"),
        kernel(
            "no description",
            "\"description\": \"d\", ",
            "",
            ErrorCode.SLUICE_GRAPH_FIELD_MISSING,
            "$"),
        kernel(
            "no type", "\"kernel_type\": \"cpp\", ", "", ErrorCode.SLUICE_GRAPH_FIELD_MISSING, "$"),
        kernel(
            "no device",
            "\"device_type\": \"cpu\",",
            "",
            ErrorCode.SLUICE_GRAPH_FIELD_MISSING,
            "$"),
        kernel(
            "an unknown device",
            "\"cpu\"",
            "\"gpu\"",
            ErrorCode.SLUICE_GRAPH_FIELD_VALUE,
            "$.device_type"),
        kernel("a misspelt field", "num_cu", "num_cus", ErrorCode.SLUICE_GRAPH_FIELD_UNKNOWN, "$"),
        kernel("no unit", "4", "0", ErrorCode.SLUICE_GRAPH_FIELD_VALUE, "$.num_cu"),
        kernel("half a unit", "4", "0.5", ErrorCode.SLUICE_GRAPH_FIELD_TYPE, "$.num_cu"),
        kernel("too many units", "4", "\"1025\"", ErrorCode.SLUICE_GRAPH_FIELD_VALUE, "$.num_cu"),
        kernel(
            "a list of parameters",
            "{\"net_w\": {\"type\": \"int\", \"optional\": false}}",
            "[]",
            ErrorCode.SLUICE_GRAPH_FIELD_TYPE,
            "$.param_list"),
        kernel(
            "a parameter without type",
            "\"type\": \"int\", ",
            "",
            ErrorCode.SLUICE_GRAPH_FIELD_MISSING,
            "$.param_list.net_w"),
        kernel(
            "a type that is none",
            "\"int\"",
            "\"double\"",
            ErrorCode.SLUICE_GRAPH_FIELD_VALUE,
            "$.param_list.net_w.type"),
        kernel(
            "another type than the kernel's",
            "\"int\"",
            "\"string\"",
            ErrorCode.SLUICE_GRAPH_PARAM_TYPE,
            "$.param_list.net_w.type"),
        kernel(
            "a parameter that the kernel has not",
            "net_w",
            "net_q",
            ErrorCode.SLUICE_GRAPH_PARAM_UNKNOWN,
            "$.param_list.net_q"),
        kernel(
            "optional in words",
            "false",
            "\"no\"",
            ErrorCode.SLUICE_GRAPH_FIELD_TYPE,
            "$.param_list.net_w.optional"),
        kernel(
            "a default of another type",
            "\"optional\": false",
            "\"default\": \"wide\"",
            ErrorCode.SLUICE_GRAPH_PARAM_TYPE,
            "$.param_list.net_w.default"),
        kernel(
            "a word of no meaning",
            "optional",
            "options",
            ErrorCode.SLUICE_GRAPH_FIELD_UNKNOWN,
            "$.param_list.net_w"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("graphs")
  void aMalformedGraphIsRefused(String what, String json, ErrorCode code, String at) {
    KernelFiles kernels = KernelFiles.none(InstalledKernels.of(TestKernels.all()));
    refuses(
        () ->
            new GraphLoader(kernels, JobContext.none(), new ModelFiles(Path.of("models")))
                .load(GraphFile.of(json("g.json", json))),
        "g.json",
        code,
        at);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kernels")
  void aMalformedKernelIsRefused(String what, String json, ErrorCode code, String at) {
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
