package io.sluice.aks;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.flink.ImmutableTypeInfo;
import io.sluice.flink.InferenceKernel;
import io.sluice.flink.Origin;
import io.sluice.flink.Packet;
import io.sluice.flink.PacketKernel;
import io.sluice.flink.RunnerSource;
import io.sluice.flink.StageFunction;
import io.sluice.flink.dpu.DpuModel;
import io.sluice.flink.dpu.DpuNode;
import io.sluice.flink.dpu.DpuPlan;
import io.sluice.flink.dpu.DpuSettings;
import io.sluice.flink.dpu.DpuStage;
import io.sluice.flink.dpu.Work;
import io.sluice.flink.request.DecodeRequest;
import io.sluice.flink.xrm.ResourceManager;
import io.sluice.vart.ModelRef;
import io.sluice.xir.TensorData;
import io.sluice.xrm.LeaseUpdate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * A checked graph as a Flink topology: an operator for each node with as many subtasks as its
 * kernel has units, a join before each node with several parents and before one that joins parts,
 * and one before the answer if there are several last nodes. Every node sends on one packet for
 * each that comes, failed or not, so every join gets what it counts on, and a job ends as one
 * answer or one dead letter. DPU nodes share the fleet.
 */
public final class AksTopology {
  private final AksGraph graph;
  private final AksSettings settings;
  private final RunnerSource runners;
  private final Map<Integer, DataStream<Packet>> streams = new HashMap<>();
  private final Map<String, Integer> ranks = new HashMap<>();
  private final Optional<DpuPlan> plan;

  private AksTopology(AksGraph graph, AksSettings settings, RunnerSource runners) {
    this.graph = graph;
    this.settings = settings;
    this.runners = runners;
    for (int rank = 0; rank < graph.order().size(); rank++) {
      ranks.put(graph.node(graph.order().get(rank)).name(), rank);
    }
    this.plan =
        graph.needsDpu() ? settings.fleet().map(fleet -> plan(graph, settings)) : Optional.empty();
  }

  /**
   * What comes out, by request id.
   *
   * @param results encoded GraphResults, or the records that the graph makes itself
   * @param deadLetters encoded DeadLetters; each job is in one of the two, once
   */
  public record Outputs(
      DataStream<Tuple2<String, byte[]>> results, DataStream<Tuple2<String, byte[]>> deadLetters) {}

  /**
   * Adds a graph to a stream of encoded requests.
   *
   * @param records what {@link Packet#ofRecord} makes of the records of a topic; in virtual time
   *     with timestamps in nanoseconds and watermarks
   * @param runners where networks are computed
   * @throws io.sluice.error.SluiceException VART_DEVICE_MISMATCH if no unit of the fleet can run a
   *     node
   */
  public static Outputs ofRecords(
      DataStream<Packet> records, AksGraph graph, AksSettings settings, RunnerSource runners) {
    DecodeRequest decode =
        new DecodeRequest(
            JobPackets.REQUEST,
            graph.pipelines(),
            DecodeRequest.DEFAULT_MAX_RECORD_BYTES,
            List.of());
    return ofJobs(
        records
            .flatMap(new StageFunction(JobPackets.REQUEST, decode), ImmutableTypeInfo.PACKET)
            .name("request")
            .uid("request"),
        graph,
        settings,
        runners);
  }

  /** Adds a graph to a stream of jobs: {@link #job} or {@link #jobOfImage}. */
  public static Outputs ofJobs(
      DataStream<Packet> jobs, AksGraph graph, AksSettings settings, RunnerSource runners) {
    return new AksTopology(graph, settings, runners).build(jobs);
  }

  /** A job that brings its tensors. */
  public static Packet job(Origin origin, List<TensorData> inputs) {
    return JobPackets.first(Packet.of(origin), inputs, Map.of(), 0);
  }

  /** A job that names its image. */
  public static Packet jobOfImage(Origin origin, String path) {
    return Packet.of(origin).withText(DecodeRequest.IMAGE_URI, path);
  }

  /** The units of the fleet that the DPU nodes of a graph get; empty if there are none. */
  public static Optional<DpuPlan> planOf(AksGraph graph, AksSettings settings) {
    return graph.needsDpu() && settings.fleet().isPresent()
        ? Optional.of(plan(graph, settings))
        : Optional.empty();
  }

  private static DpuPlan plan(AksGraph graph, AksSettings settings) {
    List<DpuPlan.Network> networks = new ArrayList<>();
    Map<String, Integer> most = new HashMap<>();
    Map<String, Integer> unitsPerSlot = new HashMap<>();
    for (AksNode node : graph.nodes()) {
      if (node.kernel() instanceof DpuKernel kernel) {
        Map<Integer, DpuModel> models = new TreeMap<>();
        node.models().forEach(model -> models.put(model.width(), compiled(node, model)));
        networks.add(new DpuPlan.Network(node.name(), JobPackets.DPU_INPUT, outputs(node), models));
        most.put(node.name(), kernel.maxUnits());
        unitsPerSlot.put(node.name(), settings(node, settings).unitsPerSlot());
      }
    }
    DpuPlan shared = DpuPlan.of(settings.fleet().orElseThrow(), settings.dpu(), networks);
    List<DpuNode> bounded =
        shared.nodes().stream()
            .map(
                node -> {
                  int units = Math.min(node.units(), most.get(node.id()));
                  int slots = Math.max(1, units / unitsPerSlot.get(node.id()));
                  return new DpuNode(
                      node.id(), node.input(), node.outputs(), node.modelsByWidth(), slots, units);
                })
            .toList();
    return new DpuPlan(shared.fleet(), shared.settings(), bounded);
  }

  private static DpuSettings settings(AksNode node, AksSettings job) {
    DpuSettings own = node.options().dpu().map(o -> o.over(job.dpu())).orElse(job.dpu());
    return job.shared().isPresent() ? own.withUnitsPerSlot(DpuNode.MAX_SLOTS) : own;
  }

  /** The names of all tensors that the networks of a DPU node give. */
  private static List<String> outputs(AksNode node) {
    return IntStream.range(0, node.models().get(0).outputs().size())
        .mapToObj(i -> JobPackets.output(node.name(), i))
        .toList();
  }

  private static DpuModel compiled(AksNode node, ModelSource.Known model) {
    if (model.compiled() == null) {
      throw new SluiceException(
          ErrorCode.SLUICE_GRAPH_MODEL_FILE,
          model.ref() + " is not compiled",
          "node '" + node.name() + "'",
          "compile it for the cards of the fleet");
    }
    return model.compiled();
  }

  private Outputs build(DataStream<Packet> jobs) {
    StreamExecutionEnvironment env = jobs.getExecutionEnvironment();
    Optional<DataStream<LeaseUpdate>> leases =
        plan.map(
            p ->
                settings
                    .shared()
                    .map(feed -> feed.leases(env, p.demands()))
                    .orElseGet(
                        () ->
                            ResourceManager.leases(
                                env, p.fleet(), p.demands(), p.settings().clock())));
    DataStream<Packet> entered =
        jobs.process(new EntryFunction(settings.isVirtual()), ImmutableTypeInfo.PACKET)
            .name("enter")
            .uid("enter");
    for (int index : graph.order()) {
      AksNode node = graph.node(index);
      DataStream<Packet> in = node.parents().isEmpty() ? entered : joined(node, node.parents());
      streams.put(index, node.isDpu() ? dpu(node, in, leases) : host(node, in));
    }
    DataStream<Packet> last = last();
    SingleOutputStreamOperator<Tuple2<String, byte[]>> answers =
        last.process(
                new AnswerFunction(graph, settings.isVirtual()),
                Types.TUPLE(Types.STRING, Types.PRIMITIVE_ARRAY(Types.BYTE)))
            .name("answer")
            .uid("answer")
            .setParallelism(last.getParallelism());
    return new Outputs(answers, answers.getSideOutput(AnswerFunction.DEAD_LETTERS));
  }

  private DataStream<Packet> last() {
    List<AksNode> ends = graph.last();
    if (ends.size() == 1) {
      return streams.get(ends.get(0).index());
    }
    return join(
        ends.stream().map(end -> streams.get(end.index())).toList(),
        "answer",
        JoinKind.meet(ends.size()),
        NodeOptions.JoinBounds.STANDARD,
        1);
  }

  /** What all parents of a node send, one packet for each job or part. */
  private DataStream<Packet> joined(AksNode node, List<Integer> parents) {
    DataStream<Packet> met =
        parents.size() == 1
            ? streams.get(parents.get(0))
            : join(
                parents.stream().map(streams::get).toList(),
                node.name(),
                JoinKind.meet(parents.size()),
                node.options().join(),
                parallelism(node));
    if (!node.joins()) {
      return met;
    }
    Set<String> perPart = new HashSet<>();
    for (AksNode other : graph.nodes()) {
      if (other.isDpu() && other.split() == node.split()) {
        perPart.add(other.name());
      }
    }
    return join(
        List.of(met),
        node.name() + "/parts",
        JoinKind.gather(perPart),
        node.options().join(),
        parallelism(node));
  }

  private DataStream<Packet> join(
      List<DataStream<Packet>> parents,
      String before,
      JoinKind kind,
      NodeOptions.JoinBounds bounds,
      int parallelism) {
    DataStream<Packet> all = parents.get(0);
    for (DataStream<Packet> parent : parents.subList(1, parents.size())) {
      all = all.union(parent);
    }
    String name = "join " + before;
    return all.keyBy(kind::key, Types.STRING)
        .transform(
            name,
            ImmutableTypeInfo.PACKET,
            new JoinOperator(before, kind, bounds, settings.isVirtual(), ranks))
        .uid(name)
        .setParallelism(parallelism);
  }

  private DataStream<Packet> host(AksNode node, DataStream<Packet> in) {
    return in.process(
            new NodeFunction(NodeCall.of(graph, node), settings.isVirtual()),
            ImmutableTypeInfo.PACKET)
        .name(node.name())
        .uid("node " + node.name())
        .setParallelism(parallelism(node));
  }

  private DataStream<Packet> dpu(
      AksNode node, DataStream<Packet> in, Optional<DataStream<LeaseUpdate>> leases) {
    DataStream<Packet> ready =
        in.map(new DpuEntry(NodeCall.of(graph, node), node.models()), ImmutableTypeInfo.PACKET)
            .name(node.name() + " in")
            .uid("in " + node.name())
            .setParallelism(in.getParallelism());
    SingleOutputStreamOperator<Packet> run;
    if (leases.isPresent()) {
      DpuNode placed = plan.orElseThrow().node(node.name());
      run =
          DpuStage.add(ready, leases.get(), placed, settings(node, settings), runners)
              .setParallelism(Math.min(placed.slots(), parallelism(node)));
    } else {
      Map<Integer, ModelRef> refs = new TreeMap<>();
      node.models().forEach(model -> refs.put(model.width(), model.ref()));
      run =
          ready
              .flatMap(
                  new StageFunction(
                      node.name(),
                      new InferenceKernel(refs, runners, JobPackets.DPU_INPUT, outputs(node))),
                  ImmutableTypeInfo.PACKET)
              .setParallelism(parallelism(node));
    }
    run.name(node.name()).uid("node " + node.name());
    if (leases.isEmpty() || settings.dpu().work() != Work.TIMING) {
      return sent(node, run);
    }
    PacketKernel zeros = new DpuExit(outputs(node), node.models());
    String name = node.name() + ":zeros";
    return sent(
        node,
        run.flatMap(new StageFunction(name, zeros), ImmutableTypeInfo.PACKET)
            .name(name)
            .uid(name)
            .setParallelism(run.getParallelism()));
  }

  /** Lets the wait of the next node begin here, and not where the packet went to the DPU. */
  private static DataStream<Packet> sent(AksNode node, DataStream<Packet> run) {
    return run.map(
            packet -> packet.failed() ? packet : JobPackets.sentNow(packet),
            ImmutableTypeInfo.PACKET)
        .name(node.name() + " out")
        .uid("out " + node.name())
        .setParallelism(run.getParallelism());
  }

  private int parallelism(AksNode node) {
    return Math.min(node.parallelism(), settings.maxParallelism());
  }
}
