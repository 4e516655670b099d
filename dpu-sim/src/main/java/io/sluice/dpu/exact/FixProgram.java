package io.sluice.dpu.exact;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xir.Op;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The ops of a DPU subgraph, read and checked once for all engines.
 *
 * @param steps in topological order
 * @param inputs what is read from outside, in the order of first use
 * @param outputs what is read outside or by nothing, in topological order
 * @param constants values of {@code const-fix} ops that feed data arguments, by tensor name
 */
record FixProgram(
    List<Step> steps,
    List<Tensor> inputs,
    List<Tensor> outputs,
    Map<String, TensorData> constants) {

  /**
   * One op.
   *
   * @param inputs names of the tensors that it reads
   */
  record Step(Op op, FixKernel kernel, List<String> inputs) {
    String output() {
      return op.output().name();
    }
  }

  static FixProgram of(Collection<Op> ops) {
    return of(ops, Set.of(), FixProgram::step);
  }

  /** How an op becomes steps; none if it is part of another's. */
  @FunctionalInterface
  interface Reader<E extends Exception> {
    List<Step> read(Op op) throws E;
  }

  /**
   * @param kept ops whose tensors are outputs whoever reads them
   */
  static <E extends Exception> FixProgram of(Collection<Op> ops, Set<Op> kept, Reader<E> reader)
      throws E {
    if (ops.isEmpty()) {
      throw new SluiceException(
          ErrorCode.VART_GRAPH_ERROR, "a subgraph without ops", "DPU subgraph", "give it ops");
    }
    Set<Op> members = new HashSet<>(ops);
    List<Step> steps = new ArrayList<>();
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    Map<String, TensorData> constants = new LinkedHashMap<>();
    List<Tensor> outputs = new ArrayList<>();
    for (Op op : ops.iterator().next().graph().topologicalOrder()) {
      if (!members.contains(op) || isSource(op)) {
        continue;
      }
      for (Step step : reader.read(op)) {
        for (String read : step.inputs()) {
          Op source = op.graph().producer(read);
          if (source.type().equals("const-fix")) {
            constants.computeIfAbsent(read, name -> source.constData());
          } else if (!members.contains(source) || isSource(source)) {
            inputs.putIfAbsent(read, source.output());
          }
        }
        steps.add(step);
        List<Op> readers = op.fanOut();
        if (readers.isEmpty() || !members.containsAll(readers) || kept.contains(op)) {
          outputs.add(op.output());
        }
      }
    }
    return new FixProgram(
        List.copyOf(steps),
        List.copyOf(inputs.values()),
        List.copyOf(outputs),
        Map.copyOf(constants));
  }

  /** The step of an op of a DPU. */
  static List<Step> step(Op op) {
    List<String> reads = op.inputs("input").stream().map(in -> in.output().name()).toList();
    return List.of(new Step(op, FixKernels.of(op), reads));
  }

  /** A tensor that some step reads or writes. */
  Tensor tensor(String name) {
    return steps.get(0).op().graph().producer(name).output();
  }

  private static boolean isSource(Op op) {
    return op.allInputs().isEmpty();
  }

  /** Checks that there is a tensor for each input, of its type and shape. */
  void checkInputs(Map<String, TensorData> tensors) {
    for (Tensor input : inputs) {
      TensorData data = tensors.get(input.name());
      if (data == null) {
        throw new SluiceException(
            ErrorCode.VART_TENSOR_INFO_ERROR,
            "no tensor '" + input.name() + "' among " + tensors.keySet(),
            "inputs of the DPU subgraph",
            "give every input");
      }
      if (!data.type().equals(input.type()) || !data.shape().equals(input.shape())) {
        throw new SluiceException(
            ErrorCode.VART_SIZE_MISMATCH,
            data + " for " + input.type() + " " + input.shape(),
            "input '" + input.name() + "' of the DPU subgraph",
            "give the tensor that the model declares");
      }
    }
  }
}
