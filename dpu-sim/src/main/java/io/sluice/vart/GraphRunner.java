package io.sluice.vart;

import io.sluice.dpu.exact.ExactEngine;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.ort.BoundRun;
import io.sluice.ort.Lanes;
import io.sluice.ort.TensorBuffer;
import io.sluice.ort.TensorBuffers;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Runs a whole graph: its subgraphs one after the other, each on the executor of its device, with
 * the tensors that cross their borders handed on. DPU subgraphs give the bytes of the device,
 * whichever engine executes them; CPU subgraphs run in ONNX Runtime in one pinned configuration. A
 * graph that was not partitioned is one CPU subgraph.
 *
 * <p>A batch is any number of runs: values of N times the first dimension, which all inputs and
 * outputs share, give what N values give one by one, to the byte. ONNX Runtime computes N images in
 * one run no faster than in N (measured on text recognition, N of 4 and 14, one thread).
 */
public final class GraphRunner implements Runner {
  private final String place;
  private final List<Tensor> inputs;
  private final List<Tensor> outputs;
  private final int batch;
  private final List<SubgraphExecutor> steps;
  private final List<Tensor> borders;
  private final Lanes lanes;
  private final JobTable<Map<String, TensorData>> jobs;
  private boolean closed;

  private GraphRunner(
      Graph graph, List<Tensor> borders, List<SubgraphExecutor> steps, RunnerOptions options) {
    this.place = graph.toString();
    this.inputs = sorted(graph.inputs());
    this.outputs = sorted(graph.outputs());
    this.batch = batch(inputs, outputs);
    this.borders = borders;
    this.steps = steps;
    this.lanes = new Lanes(inputs, outputs, this::bind);
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
      List<Tensor> borders =
          groups.stream()
              .flatMap(group -> group.stages().stream())
              .flatMap(stage -> stage.outputs().stream())
              .map(Op::output)
              .toList();
      return new GraphRunner(graph, borders, List.copyOf(steps), options);
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
    Map<String, TensorData> values = batches(inputsByTensorName);
    return jobs.submit(() -> lanes.run(values));
  }

  @Override
  public Map<String, TensorData> await(long jobId, Duration timeout) {
    return jobs.await(jobId, timeout);
  }

  /** Runs on the calling thread, however many jobs are pending. */
  @Override
  public Map<String, TensorData> execute(Map<String, TensorData> inputsByTensorName) {
    Map<String, TensorData> values = batches(inputsByTensorName);
    return now(() -> lanes.run(values));
  }

  /**
   * Runs on the calling thread and gives every tensor that crosses a border: the inputs, and what
   * each subgraph hands on, in the order in which the subgraphs run.
   *
   * @param inputsByTensorName as for {@link #execute}, for one run
   */
  public Map<String, TensorData> trace(Map<String, TensorData> inputsByTensorName) {
    Map<String, TensorData> values = requireShapes(checked(inputsByTensorName), 1);
    Map<String, TensorData> all = new LinkedHashMap<>();
    inputs.forEach(input -> all.put(input.name(), values.get(input.name())));
    try (Lanes tracing = new Lanes(inputs, borders, this::bindTracing)) {
      all.putAll(now(() -> tracing.run(values)));
    }
    return all;
  }

  /** Memory of the runner's own for its inputs and outputs: {@link #workspace(Map)}. */
  public Workspace workspace() {
    return workspace(Map.of());
  }

  /**
   * Memory to run over again and again without a copy. Buffers that the caller has are read and
   * written where they are, from their position to their limit.
   *
   * @param own direct buffers, little-endian, that do not overlap, for some or all of the inputs
   *     and outputs, by tensor name; the others are allocated
   * @throws SluiceException VART_TENSOR_INFO_ERROR for a name that is neither, or a buffer that is
   *     not direct, read-only or not aligned; VART_SIZE_MISMATCH for one of another size;
   *     VART_GRAPH_ERROR when the runner is closed
   */
  public Workspace workspace(Map<String, ByteBuffer> own) {
    Map<String, Tensor> known = new LinkedHashMap<>();
    inputs.forEach(tensor -> known.put(tensor.name(), tensor));
    outputs.forEach(tensor -> known.put(tensor.name(), tensor));
    List<TensorBuffer> given = new ArrayList<>();
    own.forEach(
        (name, memory) -> {
          if (!known.containsKey(name)) {
            throw badTensor("there is no input or output '" + name + "'");
          }
          given.add(TensorBuffer.over(known.get(name), memory));
        });
    TensorBuffers memory = new TensorBuffers(given);
    BoundRun bound = now(() -> bind(memory));
    return new Workspace(
        inputs.stream().map(memory::of).toList(),
        outputs.stream().map(memory::of).toList(),
        () ->
            now(
                () -> {
                  bound.run();
                  return null;
                }),
        bound);
  }

  /** Why an op of a DPU subgraph runs in the reference though the engine is fast, by its name. */
  public Map<String, String> refused() {
    Map<String, String> refused = new LinkedHashMap<>();
    steps.forEach(step -> refused.putAll(step.refused()));
    return refused;
  }

  private <T> T now(Callable<T> work) {
    try {
      return jobs.runNow(work);
    } catch (SluiceException e) {
      throw e;
    } catch (Exception e) {
      throw Failures.again(e, "a job", place);
    }
  }

  private BoundRun bind(TensorBuffers memory) {
    List<Function<TensorBuffers, BoundRun>> binders = new ArrayList<>();
    steps.forEach(step -> binders.add(step::bind));
    return BoundRun.inTurn(memory, binders);
  }

  private BoundRun bindTracing(TensorBuffers memory) {
    List<Function<TensorBuffers, BoundRun>> binders = new ArrayList<>();
    steps.forEach(step -> binders.add(step::bindTracing));
    return BoundRun.inTurn(memory, binders);
  }

  private Map<String, TensorData> batches(Map<String, TensorData> given) {
    Map<String, TensorData> values = checked(given);
    return requireShapes(values, runs(values));
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
    }
    if (!unknown.isEmpty()) {
      throw badTensor("there is no input " + unknown);
    }
    return Map.copyOf(given);
  }

  private Map<String, TensorData> requireShapes(Map<String, TensorData> values, int runs) {
    for (Tensor input : inputs) {
      Shape wanted = runs == 1 ? input.shape() : input.shape().withDim(0, batch * runs);
      Shape shape = values.get(input.name()).shape();
      if (!shape.equals(wanted)) {
        throw new SluiceException(
            ErrorCode.VART_SIZE_MISMATCH,
            "input '" + input.name() + "' has shape " + shape + ", not " + wanted,
            place,
            "resize or pad it to the model's shape");
      }
    }
    return values;
  }

  /** How many runs a value of the first input is for. */
  private int runs(Map<String, TensorData> values) {
    if (batch == 0) {
      return 1;
    }
    Shape wanted = inputs.get(0).shape();
    Shape shape = values.get(inputs.get(0).name()).shape();
    boolean batches =
        shape.rank() == wanted.rank()
            && shape.dim(0) > 0
            && shape.dim(0) % batch == 0
            && shape.equals(wanted.withDim(0, shape.dim(0)));
    return batches ? shape.dim(0) / batch : 1;
  }

  /** The first dimension of all tensors; 0 if it is not the same for all. */
  private static int batch(List<Tensor> inputs, List<Tensor> outputs) {
    Set<Integer> first = new HashSet<>();
    Stream.concat(inputs.stream(), outputs.stream())
        .forEach(t -> first.add(t.shape().rank() == 0 ? 0 : t.shape().dim(0)));
    return first.size() == 1 ? first.iterator().next() : 0;
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
    lanes.close();
    steps.forEach(SubgraphExecutor::close);
  }

  @Override
  public String toString() {
    return "runner of " + place;
  }
}
