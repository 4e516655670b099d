package io.sluice.aks;

import java.util.Map;

/**
 * What is known of a job and cannot be changed by its kernels.
 *
 * @param requestId the id that the sender gave
 * @param pipeline what was asked for
 * @param createdAtMillis when the request was made, since the epoch; 0 when unknown
 * @param attributes to be handed through to the answer
 * @param finishNs in virtual time, when the latest input of the node was ready; 0 in other time
 * @param modelledNs modelled time that DPU nodes took for the job so far, or for this part of it,
 *     in nanoseconds by node name
 */
public record JobInfo(
    String requestId,
    String pipeline,
    long createdAtMillis,
    Map<String, String> attributes,
    long finishNs,
    Map<String, Long> modelledNs) {
  public JobInfo {
    attributes = Map.copyOf(attributes);
    modelledNs = Map.copyOf(modelledNs);
  }

  /** A job of which only the name is known: for tests and tools. */
  public static JobInfo named(String requestId) {
    return new JobInfo(requestId, "", 0, Map.of(), 0, Map.of());
  }
}
