package io.sluice.aks;

import static io.sluice.aks.Malformed.chain;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.sluice.error.ErrorCode;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A graph file whose JSON or fields are wrong is refused at the place of the fault. */
class MalformedJsonTest {
  static Stream<Arguments> texts() {
    return Stream.of(
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
            "g.json"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("texts")
  void aGraphThatIsNoJsonIsRefused(String what, String json, ErrorCode code, String at) {
    Malformed.refusesGraph(json, code, at);
  }

  static Stream<Arguments> fields() {
    return Stream.of(
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
            "$.node_list[2].node_params"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("fields")
  void aFieldThatIsWrongIsRefused(String what, String json, ErrorCode code, String at) {
    Malformed.refusesGraph(json, code, at);
  }
}
