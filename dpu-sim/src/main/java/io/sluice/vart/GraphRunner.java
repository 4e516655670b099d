package io.sluice.vart;

import io.sluice.dpu.exact.ExactEngine;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;

/**
 * Runs a whole graph: its subgraphs one after the other, each on the executor of its device, with
 * the tensors that cross their borders handed on. DPU subgraphs give the bytes of the device,
 * whichever engine executes them; CPU subgraphs run in ONNX Runtime in one pinned configuration. A
 * graph that was not partitioned is one CPU subgraph.
 */
public final class GraphRunner implements Runner {
  private final String place;
  private final List<Tensor> inputs;
  private final List<Tensor> outputs;
  private final List<SubgraphExecutor> steps;
  private final JobTable<Map<String, TensorData>> jobs;
  private boolean closed;

  private GraphRunner(Graph graph, List<SubgraphExecutor> steps, RunnerOptions options) {
    this.place = graph.toString();
    this.inputs = sorted(graph.inputs());
    this.outputs = sorted(graph.outputs());
    this.steps = steps;
    this.jobs = new JobTable<>(place, options);
  }

  /**
   * Prepares a graph. The graph must not be changed while the runner lives.
   *
   * @throws SluiceException VART_RUNNER_CONSTRUCTION_FAIL if a subgraph's device has no executor or
   *     the executor refuses the subgraph; ONNX_UNSUPPORTED_OP if a CPU subgraph has an op without
   *     a form in ONNX or an implementation; VART_GRAPH_ERROR if the subgraphs do not fit together;
   *     and for a DPU subgraph what {@link io.sluice.dpu.exact.ExactEngine#create} throws
   */
  public static GraphRunner create(Graph graph, RunnerOptions options) {
    List<Stage> stages = StagePlan.of(graph, SubgraphParts.of(graph));
    List<FusedStages.Group> groups =
        options.engine() == ExactEngine.Kind.FAST ? FusedStages.of(stages) : apart(stages);
    return of(
        graph, groups, options, Map.of(Stage.CPU, CpuExecutor::of, Stage.DPU, DpuExecutor::of));
  }

  static GraphRunner create(
      Graph graph, RunnerOptions options, Map<String, SubgraphExecutor.Factory> devices) {
    return create(graph, StagePlan.of(graph, SubgraphParts.of(graph)), options, devices);
  }

  /** Runs each stage on its own. */
  static GraphRunner create(
      Graph graph,
      List<Stage> stages,
      RunnerOptions options,
      Map<String, SubgraphExecutor.Factory> devices) {
    return of(graph, apart(stages), options, devices);
  }

  private static List<FusedStages.Group> apart(List<Stage> stages) {
    return stages.stream().map(stage -> new FusedStages.Group(List.of(stage), false)).toList();
  }

  private static GraphRunner of(
      Graph graph,
      List<FusedStages.Group> groups,
      RunnerOptions options,
      Map<String, SubgraphExecutor.Factory> devices) {
    List<SubgraphExecutor> steps = new ArrayList<>();
    try {
      for (FusedStages.Group group : groups) {
        Map<Stage, SubgraphExecutor.Factory> factories = new LinkedHashMap<>();
        group.stages().forEach(stage -> factories.put(stage, factory(stage, devices)));
        FusedExecutor.of(group, options)
            .ifPresentOrElse(
                steps::add,
                () -> factories.forEach((s, made) -> steps.add(made.create(s, options))));
      }
      return new GraphRunner(graph, List.copyOf(steps), options);
    } catch (RuntimeException | Error e) {
      steps.forEach(SubgraphExecutor::close);
      throw e;
    }
  }

  private static SubgraphExecutor.Factory factory(
      Stage stage, Map<String, SubgraphExecutor.Factory> devices) {
    SubgraphExecutor.Factory known = devices.get(stage.device());
    return known != null ? known : OwnDevice.of(stage, devices.keySet());
  }

  private static List<Tensor> sorted(List<Op> ops) {
    return ops.stream().map(Op::output).sorted(Comparator.comparing(Tensor::name)).toList();
  }

  @Override
  public List<Tensor> inputTensors() {
    return inputs;
  }

  @Override
  public List<Tensor> outputTensors() {
    return outputs;
  }

  @Override
  public long executeAsync(Map<String, TensorData> inputsByTensorName) {
    Map<String, TensorData> values = checked(inputsByTensorName);
    return jobs.submit(() -> walk(values));
  }

  @Override
  public Map<String, TensorData> await(long jobId, Duration timeout) {
    return jobs.await(jobId, timeout);
  }

  /** Runs on the calling thread, however many jobs are pending. */
  @Override
  public Map<String, TensorData> execute(Map<String, TensorData> inputsByTensorName) {
    Map<String, TensorData> values = checked(inputsByTensorName);
    return now(() -> walk(values));
  }

  /**
   * Runs on the calling thread and gives every tensor that crosses a border: the inputs, and what
   * each subgraph hands on, in the order in which the subgraphs run.
   *
   * @param inputsByTensorName as for {@link #execute}
   */
  public Map<String, TensorData> trace(Map<String, TensorData> inputsByTensorName) {
    Map<String, TensorData> values = checked(inputsByTensorName);
    return now(() -> borders(values, SubgraphExecutor::trace));
  }

  /** Why an op of a DPU subgraph runs in the reference though the engine is fast, by its name. */
  public Map<String, String> refused() {
    Map<String, String> refused = new LinkedHashMap<>();
    steps.forEach(step -> refused.putAll(step.refused()));
    return refused;
  }

  private Map<String, TensorData> now(Callable<Map<String, TensorData>> work) {
    try {
      return jobs.runNow(work);
    } catch (SluiceException e) {
      throw e;
    } catch (Exception e) {
      throw Failures.again(e, "a job", place);
    }
  }

  private Map<String, TensorData> walk(Map<String, TensorData> given) {
    Map<String, TensorData> values = borders(given, SubgraphExecutor::run);
    Map<String, TensorData> results = new LinkedHashMap<>();
    for (Tensor output : outputs) {
      results.put(output.name(), values.get(output.name()));
    }
    return results;
  }

  private Map<String, TensorData> borders(
      Map<String, TensorData> given,
      BiFunction<SubgraphExecutor, Map<String, TensorData>, Map<String, TensorData>> run) {
    Map<String, TensorData> values = new LinkedHashMap<>();
    inputs.forEach(input -> values.put(input.name(), given.get(input.name())));
    for (SubgraphExecutor step : steps) {
      values.putAll(run.apply(step, values));
    }
    return values;
  }

  private Map<String, TensorData> checked(Map<String, TensorData> given) {
    LinkedHashSet<String> unknown = new LinkedHashSet<>(given.keySet());
    for (Tensor wanted : inputs) {
      unknown.remove(wanted.name());
      TensorData value = given.get(wanted.name());
      if (value == null) {
        throw badTensor("input '" + wanted.name() + "' is missing, given: " + given.keySet());
      }
      if (!value.type().equals(wanted.type())) {
        throw badTensor(
            "input '" + wanted.name() + "' is " + value.type() + ", not " + wanted.type());
      }
      if (!value.shape().equals(wanted.shape())) {
        throw new SluiceException(
            ErrorCode.VART_SIZE_MISMATCH,
            "input '" + wanted.name() + "' has shape " + value.shape() + ", not " + wanted.shape(),
            place,
            "resize or pad it to the model's shape");
      }
    }
    if (!unknown.isEmpty()) {
      throw badTensor("there is no input " + unknown);
    }
    return Map.copyOf(given);
  }

  private SluiceException badTensor(String thing) {
    return new SluiceException(
        ErrorCode.VART_TENSOR_INFO_ERROR,
        thing,
        place,
        "give " + inputs.stream().map(t -> t.name() + " " + t.type() + " " + t.shape()).toList());
  }

  @Override
  public void close() {
    jobs.close();
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    steps.forEach(SubgraphExecutor::close);
  }

  @Override
  public String toString() {
    return "runner of " + place;
  }
}
