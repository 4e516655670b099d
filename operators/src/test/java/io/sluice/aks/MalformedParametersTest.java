package io.sluice.aks;

import static io.sluice.aks.Malformed.chain;
import static io.sluice.aks.Malformed.image;

import io.sluice.error.ErrorCode;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A parameter that its kernel does not take is refused. */
class MalformedParametersTest {
  static Stream<Arguments> parameters() {
    return Stream.of(
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
            "a size that the kernel refuses",
            ", \"net_h\": 0",
            ErrorCode.SLUICE_GRAPH_PARAM_VALUE));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("parameters")
  void aParameterThatIsWrongIsRefused(String what, String json, ErrorCode code, String at) {
    Malformed.refusesGraph(json, code, at);
  }
}
