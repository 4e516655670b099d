package io.sluice.aks;

import static io.sluice.aks.Malformed.chain;

import io.sluice.error.ErrorCode;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong in a graph's {@code sluice} objects is refused. */
class MalformedExtensionTest {
  static Stream<Arguments> extensions() {
    return Stream.of(
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

  @ParameterizedTest(name = "{0}")
  @MethodSource("extensions")
  void anExtensionThatIsWrongIsRefused(String what, String json, ErrorCode code, String at) {
    Malformed.refusesGraph(json, code, at);
  }
}
