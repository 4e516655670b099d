package io.sluice.aks;

import static io.sluice.aks.Malformed.kernel;

import io.sluice.error.ErrorCode;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong with a kernel file is told with code, place and remedy. */
class MalformedKernelFileTest {
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
  @MethodSource("kernels")
  void aMalformedKernelIsRefused(String what, String json, ErrorCode code, String at) {
    Malformed.refusesKernel(json, code, at);
  }
}
