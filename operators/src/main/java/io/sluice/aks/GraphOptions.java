package io.sluice.aks;

import io.sluice.error.ErrorCode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the extension object {@code sluice} of a graph says, which AKS reads over.
 *
 * @param inputs the nodes that get a job's input, where several have no parent
 * @param outputs names of the answer's tensors and which they are, as in {@link
 *     NodeOptions#inputs}; none for all tensors of all last nodes
 * @param answer what an answer is
 * @param pipelines what a request of this graph may ask for; none for the name of the graph
 */
record GraphOptions(
    List<String> inputs, Map<String, String> outputs, Answer answer, List<String> pipelines) {
  private static final int MAX_NAMES = 1000;
  private static final GraphOptions STANDARD =
      new GraphOptions(List.of(), Map.of(), Answer.TENSORS, List.of());
  private static final Set<String> FIELDS = Set.of("inputs", "outputs", "answer", "pipelines");

  /** What an answer is. */
  enum Answer {
    /** A record with all output tensors by name. */
    TENSORS,
    /** The one output tensor, UINT8 [n], which is a record already. */
    RECORD
  }

  static GraphOptions read(JsonAt graph) {
    return graph.find("sluice").map(GraphOptions::of).orElse(STANDARD);
  }

  private static GraphOptions of(JsonAt at) {
    at.object(FIELDS, "known are " + FIELDS.stream().sorted().toList());
    Map<String, String> outputs = new LinkedHashMap<>();
    at.find("outputs")
        .ifPresent(
            all -> all.object().keys().forEach(key -> outputs.put(key, all.require(key).text())));
    return new GraphOptions(
        names(at, "inputs"),
        outputs,
        at.find("answer").map(GraphOptions::answer).orElse(Answer.TENSORS),
        names(at, "pipelines"));
  }

  private static Answer answer(JsonAt at) {
    return switch (at.text()) {
      case "tensors" -> Answer.TENSORS;
      case "record" -> Answer.RECORD;
      default ->
          throw at.bad(
              ErrorCode.SLUICE_GRAPH_FIELD_VALUE,
              "answer '" + at.text() + "'",
              "write tensors or record");
    };
  }

  private static List<String> names(JsonAt at, String key) {
    return at.find(key)
        .map(list -> list.elements(MAX_NAMES).stream().map(JsonAt::text).toList())
        .orElse(List.of());
  }
}
