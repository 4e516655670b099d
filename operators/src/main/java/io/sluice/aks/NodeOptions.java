package io.sluice.aks;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What the extension object {@code sluice} of a node says, which AKS reads over.
 *
 * @param inputs which tensors the node takes: {@code node} for all of a parent, {@code node:1} for
 *     one; none for all of all parents in the order of the graph
 * @param parallelism subtasks instead of the kernel's num_cu
 * @param timeoutMs machine time that a call of the kernel may take; 0 for any
 * @param join bounds of the join before the node
 * @param dpu how a DPU node batches and queues; empty for how the job's do
 */
record NodeOptions(
    List<String> inputs,
    OptionalInt parallelism,
    long timeoutMs,
    JoinBounds join,
    Optional<DpuOptions> dpu) {
  static final long DEFAULT_TIMEOUT_MS = 60_000;
  private static final long MAX_MS = 24L * 3600 * 1000;
  private static final int MAX_INPUTS = 64;
  private static final NodeOptions STANDARD =
      new NodeOptions(
          List.of(),
          OptionalInt.empty(),
          DEFAULT_TIMEOUT_MS,
          JoinBounds.STANDARD,
          Optional.empty());
  private static final Set<String> FIELDS =
      Set.of("inputs", "parallelism", "timeout_ms", "join", "dpu");
  private static final Set<String> JOIN_FIELDS = Set.of("timeout_ms", "max_jobs", "max_bytes");

  /**
   * How much a join holds in a subtask, and for how long.
   *
   * @param timeoutMs in the job's time; after that the job ends as a dead letter
   * @param maxJobs jobs, or parts of jobs, that wait at once; one more ends as a dead letter
   * @param maxBytes of their tensors
   */
  record JoinBounds(long timeoutMs, int maxJobs, long maxBytes) implements Serializable {
    static final JoinBounds STANDARD = new JoinBounds(600_000, 100_000, 512L << 20);
  }

  static NodeOptions read(JsonAt node) {
    return node.find("sluice").map(NodeOptions::of).orElse(STANDARD);
  }

  private static NodeOptions of(JsonAt at) {
    at.object(FIELDS, "known are " + FIELDS.stream().sorted().toList());
    JoinBounds join =
        at.find("join")
            .map(
                j -> {
                  j.object(JOIN_FIELDS, "known are " + JOIN_FIELDS.stream().sorted().toList());
                  JoinBounds usual = JoinBounds.STANDARD;
                  return new JoinBounds(
                      j.find("timeout_ms").map(v -> v.integer(1, MAX_MS)).orElse(usual.timeoutMs()),
                      j.find("max_jobs")
                          .map(v -> (int) v.integer(1, 10_000_000))
                          .orElse(usual.maxJobs()),
                      j.find("max_bytes")
                          .map(v -> v.integer(1, 1L << 40))
                          .orElse(usual.maxBytes()));
                })
            .orElse(JoinBounds.STANDARD);
    return new NodeOptions(
        at.find("inputs")
            .map(list -> list.elements(MAX_INPUTS).stream().map(JsonAt::text).toList())
            .orElse(List.of()),
        at.find("parallelism")
            .map(v -> OptionalInt.of((int) v.integer(1, KernelSpec.MAX_CU)))
            .orElse(OptionalInt.empty()),
        at.find("timeout_ms").map(v -> v.integer(0, MAX_MS)).orElse(DEFAULT_TIMEOUT_MS),
        join,
        at.find("dpu").map(DpuOptions::read));
  }
}
