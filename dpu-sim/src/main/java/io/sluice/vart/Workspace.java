package io.sluice.vart;

import io.sluice.ort.BoundRun;
import io.sluice.ort.TensorBuffer;
import java.util.List;

/**
 * The memory of one run of a {@link GraphRunner} at a time: of its inputs, of its outputs and of
 * the tensors between its subgraphs. A subgraph on ONNX Runtime, for a DPU or the CPU, reads and
 * writes this memory where it is, so what one DPU or CPU subgraph gives to one or several others
 * (the guide's Table 32, a to e) has one address and is never copied. Only a custom op in Java, a
 * plugin's device and the reference engine take copies of what they read and write.
 *
 * <p>For one thread at a time. The inputs are kept from run to run.
 */
public final class Workspace implements AutoCloseable {
  private final List<TensorBuffer> inputs;
  private final List<TensorBuffer> outputs;
  private final Runnable run;
  private final BoundRun bound;

  Workspace(List<TensorBuffer> inputs, List<TensorBuffer> outputs, Runnable run, BoundRun bound) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.run = run;
    this.bound = bound;
  }

  /** Where a run reads, in the order of {@link GraphRunner#inputTensors}. */
  public List<TensorBuffer> inputs() {
    return inputs;
  }

  /** Where a run writes, in the order of {@link GraphRunner#outputTensors}. */
  public List<TensorBuffer> outputs() {
    return outputs;
  }

  /**
   * Runs the graph on the calling thread.
   *
   * @throws io.sluice.error.SluiceException as {@link GraphRunner#execute} does for what fails
   */
  public void run() {
    run.run();
  }

  /** Gives up the binding; the memory stays with whoever holds its buffers. */
  @Override
  public void close() {
    bound.close();
  }
}
