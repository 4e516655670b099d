package io.sluice.aks;

import static io.sluice.aks.Malformed.chain;
import static io.sluice.aks.Malformed.node;

import io.sluice.error.ErrorCode;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A graph that cannot run as it is linked is refused: its edges, splits, shapes and models. */
class MalformedGraphTest {
  static Stream<Arguments> edges() {
    return Stream.of(
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
            "$.node_list[0]"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("edges")
  void edgesThatLeadNowhereAreRefused(String what, String json, ErrorCode code, String at) {
    Malformed.refusesGraph(json, code, at);
  }

  static Stream<Arguments> nodes() {
    return Stream.of(
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
            "DPURunner"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("nodes")
  void nodesThatDoNotFitTogetherAreRefused(String what, String json, ErrorCode code, String at) {
    Malformed.refusesGraph(json, code, at);
  }
}
