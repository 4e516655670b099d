package io.sluice.aks;

import io.sluice.xir.TensorData;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;

/**
 * The work of a node. {@link KernelProvider#create} makes one where the job is submitted; each
 * subtask of the node has its own copy of it, by serialization, which is used by one thread at a
 * time. What cannot be serialized is made in {@link #open}.
 *
 * <p>A kernel takes what came and gives a list of tensors. One that makes several parts of a job,
 * or one job of its parts, implements {@link SplittingKernel} or {@link JoiningKernel} too.
 *
 * <p>What a kernel throws ends the job as a dead letter; the other jobs go on with the same copy.
 * When a call takes longer than the node's timeout its thread is interrupted, the copy is given up
 * with what it holds, {@link #close} included, and a fresh one is opened: so a kernel that blocks
 * should end when it is interrupted.
 */
public interface Kernel extends Serializable, AutoCloseable {
  /** Called once before the first job. What it throws fails the Flink job. */
  default void open() throws IOException {}

  /**
   * Does the work for a job.
   *
   * @param inputs the outputs of all parents, in the order in which these stand in the graph, or as
   *     the node's {@code inputs} say; for the first node what the job brought: nothing, or one
   *     UINT8 [n] with an encoded image, or tensors
   * @param job the job's dynamic parameters, to read and to change
   * @return its outputs; may be empty. No NaN may be in a FLOAT32 one, and they must be what {@link
   *     KernelProvider#outputs} said
   * @throws RuntimeException the job ends as a dead letter; a SluiceException gives code and remedy
   * @throws IOException as well
   */
  List<TensorData> apply(List<TensorData> inputs, JobParams job) throws IOException;

  /**
   * What this copy has to say about all the jobs it did, for the report, e.g. an accuracy: lines of
   * text; empty for nothing. Called once, before {@link #close}, when the input has ended.
   */
  default String report() {
    return "";
  }

  /** Called once after the last job. */
  @Override
  default void close() {}
}
