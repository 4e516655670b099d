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
      List<String> reads = new ArrayList<>();
      for (Op source : op.inputs("input")) {
        Tensor tensor = source.output();
        reads.add(tensor.name());
        if (source.type().equals("const-fix")) {
          constants.computeIfAbsent(tensor.name(), name -> source.constData());
        } else if (!members.contains(source) || isSource(source)) {
          inputs.putIfAbsent(tensor.name(), tensor);
        }
      }
      steps.add(new Step(op, FixKernels.of(op), List.copyOf(reads)));
      List<Op> readers = op.fanOut();
      if (readers.isEmpty() || !members.containsAll(readers)) {
        outputs.add(op.output());
      }
    }
    return new FixProgram(
        List.copyOf(steps),
        List.copyOf(inputs.values()),
        List.copyOf(outputs),
        Map.copyOf(constants));
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
