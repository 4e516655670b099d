package io.sluice.aks;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.flink.Failure;
import io.sluice.flink.Packet;
import io.sluice.flink.dpu.ModelledTime;
import io.sluice.flink.request.DeadLetters;
import io.sluice.flink.wire.Wire;
import io.sluice.schemas.DeadLetter;
import io.sluice.schemas.GraphResult;
import io.sluice.schemas.NamedTensor;
import io.sluice.xir.DataType;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** The end of every job: one encoded answer or, on the side, one encoded dead letter. */
final class AnswerFunction extends ProcessFunction<Packet, Tuple2<String, byte[]>> {
  static final OutputTag<Tuple2<String, byte[]>> DEAD_LETTERS =
      new OutputTag<>("dead-letters", Types.TUPLE(Types.STRING, Types.PRIMITIVE_ARRAY(Types.BYTE)));

  /** The name of the stage. */
  static final String STAGE = "answer:";

  private static final long serialVersionUID = 1L;

  private final String graph;
  private final boolean isRecord;
  private final boolean isVirtual;
  private final LinkedHashMap<String, String> outputs = new LinkedHashMap<>();
  private final ArrayList<String> last = new ArrayList<>();
  private final TreeMap<String, String> kernels = new TreeMap<>();
  private transient JobTotals.Counters totals;
  private transient Wire<GraphResult> results;
  private transient Wire<DeadLetter> deadLetters;

  AnswerFunction(AksGraph graph, boolean isVirtual) {
    this.graph = graph.name();
    this.isRecord = graph.options().answer() == GraphOptions.Answer.RECORD;
    this.isVirtual = isVirtual;
    graph
        .outputs()
        .forEach(
            (name, ref) ->
                outputs.put(name, JobPackets.output(graph.node(ref.node()).name(), ref.output())));
    graph.last().forEach(node -> last.add(node.name()));
    graph.nodes().forEach(node -> kernels.put(node.name(), node.spec().name()));
  }

  @Override
  public void open(OpenContext context) {
    totals = new JobTotals.Counters(getRuntimeContext());
    results = Wire.graphResults();
    deadLetters = Wire.deadLetters();
  }

  @Override
  public void processElement(
      Packet packet, Context context, Collector<Tuple2<String, byte[]>> out) {
    long nowNs = isVirtual ? context.timestamp() : WallClock.micros() * 1000;
    String id = packet.origin().requestId();
    Packet ended = packet;
    if (!packet.failed()) {
      byte[] answer = null;
      try {
        answer = answer(packet, isVirtual ? nowNs : 0);
      } catch (SluiceException e) {
        ended = packet.failed(Failure.of(STAGE, e));
      }
      if (answer != null) {
        totals.result(JobPackets.arrivedNs(packet), nowNs);
        out.collect(Tuple2.of(id, answer));
        return;
      }
    }
    totals.deadLetter(nowNs);
    String kernel = kernels.getOrDefault(ended.failure().orElseThrow().stage(), "");
    context.output(DEAD_LETTERS, Tuple2.of(id, deadLetters.encode(DeadLetters.of(ended, kernel))));
  }

  private byte[] answer(Packet packet, long finishNs) {
    Map<String, TensorData> tensors = new LinkedHashMap<>();
    if (outputs.isEmpty()) {
      for (String node : last) {
        List<TensorData> given = JobPackets.outputs(packet, node);
        for (int i = 0; i < given.size(); i++) {
          tensors.put(node + ":" + i, given.get(i));
        }
      }
    } else {
      outputs.forEach((name, tensor) -> tensors.put(name, packet.tensor(tensor)));
    }
    if (isRecord) {
      List<TensorData> all = List.copyOf(tensors.values());
      if (all.size() != 1 || !all.get(0).type().equals(DataType.UINT8)) {
        throw new SluiceException(
            ErrorCode.SLUICE_KERNEL_OUTPUT,
            "an answer of " + all + ", not one record in UINT8 [n]",
            "graph '" + graph + "'",
            "end the graph with a kernel that makes a record");
      }
      return all.get(0).array();
    }
    return results.encode(result(packet, tensors, finishNs));
  }

  private GraphResult result(Packet packet, Map<String, TensorData> tensors, long finishNs) {
    List<NamedTensor> named = new ArrayList<>();
    tensors.forEach(
        (name, tensor) ->
            named.add(
                NamedTensor.newBuilder()
                    .setName(name)
                    .setType(tensor.type().toString())
                    .setShape(Arrays.stream(tensor.shape().toArray()).boxed().toList())
                    .setData(tensor.buffer())
                    .build()));
    Map<String, String> params = new TreeMap<>();
    JobPackets.params(packet)
        .values()
        .forEach((name, value) -> params.put(name, value.value().toString()));
    return GraphResult.newBuilder()
        .setRequestId(packet.origin().requestId())
        .setGraph(graph)
        .setOutputs(named)
        .setParams(params)
        .setCreatedAtMillis(packet.origin().createdAtMillis())
        .setAttributes(packet.origin().attributes())
        .setModelledDpuNs(
            ModelledTime.all(packet).values().stream().mapToLong(Long::longValue).sum())
        .setModelledFinishNs(finishNs)
        .build();
  }
}
