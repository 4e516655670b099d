package io.sluice.aks;

import io.sluice.flink.ImmutableTypeInfo;
import io.sluice.flink.Origin;
import io.sluice.flink.Packet;
import io.sluice.flink.RunnerSource;
import io.sluice.flink.dpu.DpuModel;
import io.sluice.flink.wire.Wire;
import io.sluice.schemas.DeadLetter;
import io.sluice.schemas.GraphResult;
import io.sluice.vart.ModelRef;
import io.sluice.xir.TensorData;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;

/**
 * A graph that ran over jobs to the end.
 *
 * @param results records of the answers with their request ids, sorted by these
 * @param deadLetters sorted by request id
 * @param accumulators of the Flink job
 */
public record GraphRun(
    List<Tuple2<String, byte[]>> results,
    List<DeadLetter> deadLetters,
    Map<String, Object> accumulators) {

  /** Loads a graph from text, with the models that a test has. */
  static AksGraph load(String json, List<KernelProvider> kernels, Models models) {
    return loadWith(json, kernels, models, JobContext.none());
  }

  /** As above, with files. */
  private static AksGraph loadWith(
      String json, List<KernelProvider> kernels, Models models, KernelContext context) {
    return new GraphLoader(
            KernelFiles.none(InstalledKernels.of(kernels)), context, (name, at) -> models.of(name))
        .load(
            GraphFile.of(JsonAt.parse(json.getBytes(StandardCharsets.UTF_8), "file 'test.json'")));
  }

  /** As above, for models with names that end in the width of their input: net/640.xmodel. */
  public static AksGraph load(
      String json,
      List<KernelProvider> kernels,
      Function<ModelRef, DpuModel> models,
      KernelContext context) {
    return loadWith(
        json,
        kernels,
        name -> {
          int width = Integer.parseInt(name.replaceAll("[^0-9]", ""));
          return known(
              models.apply(new ModelRef(name, "0".repeat(64))),
              TensorSpec.shaped(1, TensorSpec.ANY, width, 3),
              TensorSpec.ANYTHING);
        },
        context);
  }

  /** Models by name. */
  @FunctionalInterface
  interface Models {
    ModelSource.Known of(String name);
  }

  /** What the loader knows of a model. */
  static ModelSource.Known known(DpuModel model, TensorSpec input, TensorSpec output) {
    return new ModelSource.Known(model.ref(), input, List.of(output), null, model);
  }

  /** Jobs {@code job-0} ... each with tensors, 1 ms apart. */
  static List<Packet> jobs(int count, IntFunction<List<TensorData>> inputs) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                AksTopology.job(
                    new Origin("in", 0, i, "job-" + i, "g", 0, Map.of()), inputs.apply(i)))
        .toList();
  }

  /** Runs jobs that are made already. */
  static GraphRun ofJobs(
      AksGraph graph, AksSettings settings, RunnerSource runners, List<Packet> jobs)
      throws Exception {
    return run(graph, settings, runners, jobs, false);
  }

  /** Runs records as a topic has them. */
  public static GraphRun ofRecords(
      AksGraph graph, AksSettings settings, RunnerSource runners, List<Packet> records)
      throws Exception {
    return run(graph, settings, runners, records, true);
  }

  private static GraphRun run(
      AksGraph graph,
      AksSettings settings,
      RunnerSource runners,
      List<Packet> packets,
      boolean asRecords)
      throws Exception {
    Configuration configuration = new Configuration();
    configuration.set(PipelineOptions.GENERIC_TYPES, false);
    configuration.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(128));
    configuration.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(128));
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(2, configuration);
    DataStream<Packet> stream =
        env.fromData(packets, ImmutableTypeInfo.PACKET)
            .setParallelism(1)
            .assignTimestampsAndWatermarks(
                WatermarkStrategy.<Packet>forMonotonousTimestamps()
                    .withTimestampAssigner((packet, t) -> packet.origin().offset() * 1_000_000))
            .setParallelism(1)
            .rebalance();
    AksTopology.Outputs outputs =
        asRecords
            ? AksTopology.ofRecords(stream, graph, settings, runners)
            : AksTopology.ofJobs(stream, graph, settings, runners);
    TypeInformation<Tuple2<String, byte[]>> type =
        Types.TUPLE(Types.STRING, Types.PRIMITIVE_ARRAY(Types.BYTE));
    CloseableIterator<Tuple2<String, byte[]>> all =
        outputs
            .results()
            .map(r -> Tuple2.of("+" + r.f0, r.f1), type)
            .union(outputs.deadLetters().map(d -> Tuple2.of("-" + d.f0, d.f1), type))
            .collectAsync();
    var client = env.executeAsync();
    List<Tuple2<String, byte[]>> results = new ArrayList<>();
    List<DeadLetter> deadLetters = new ArrayList<>();
    all.forEachRemaining(
        answer -> {
          if (answer.f0.startsWith("+")) {
            results.add(Tuple2.of(answer.f0.substring(1), answer.f1));
          } else {
            deadLetters.add(Wire.deadLetters().decode(answer.f1, "test"));
          }
        });
    results.sort(Comparator.comparing(r -> r.f0));
    deadLetters.sort(Comparator.comparing(DeadLetter::getRequestId));
    return new GraphRun(
        results, deadLetters, client.getJobExecutionResult().get().getAllAccumulatorResults());
  }

  GraphResult result(String id) {
    return results.stream()
        .filter(r -> r.f0.equals(id))
        .findFirst()
        .map(r -> Wire.graphResults().decode(r.f1, id))
        .orElseThrow();
  }

  /** The first INT32 of an output. */
  static int number(GraphResult result, int output) {
    ByteBuffer data = result.getOutputs().get(output).getData().duplicate();
    return data.order(ByteOrder.LITTLE_ENDIAN).getInt(0);
  }
}
