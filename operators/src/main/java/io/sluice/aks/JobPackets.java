package io.sluice.aks;

import io.sluice.flink.Packet;
import io.sluice.flink.dpu.ModelledTime;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How a job looks between two nodes: the tensors that the sender gave, the job's dynamic
 * parameters, when it arrived, and the modelled time that it took so far.
 */
final class JobPackets {
  /** The name of the stage before the first node, which no node can have. */
  static final String REQUEST = "request:";

  /** The one input of a DPU node. */
  static final String DPU_INPUT = "dpu";

  private static final String PARAMS = "params";
  private static final String ARRIVED = "arrivedNs";
  private static final String SENT = "sentUs";
  private static final String PARTS = "parts";

  private JobPackets() {}

  /** The name of an output of a node. */
  static String output(String node, int index) {
    return "out/" + node + "/" + index;
  }

  /** The first packet of a job. */
  static Packet first(
      Packet request, List<TensorData> inputs, Map<String, ParamValue> params, long arrivedNs) {
    SortedMap<String, String> texts = new TreeMap<>();
    texts.put(ARRIVED, Long.toString(arrivedNs));
    return sent(request, REQUEST, inputs, RankedParams.of(params), texts);
  }

  /** What goes on from a node: its outputs in place of what came. */
  static Packet next(Packet taken, String node, List<TensorData> outputs, RankedParams params) {
    return sent(taken, node, outputs, params, new TreeMap<>(taken.texts()));
  }

  private static Packet sent(
      Packet taken,
      String node,
      List<TensorData> outputs,
      RankedParams params,
      SortedMap<String, String> texts) {
    SortedMap<String, TensorData> tensors = new TreeMap<>();
    for (int i = 0; i < outputs.size(); i++) {
      tensors.put(output(node, i), outputs.get(i));
    }
    if (!params.isEmpty()) {
      tensors.put(PARAMS, params.encode());
    }
    texts.put(SENT, Long.toString(WallClock.micros()));
    return taken.holding(tensors, texts);
  }

  /** All outputs of a node that the packet has. */
  static List<TensorData> outputs(Packet packet, String node) {
    List<TensorData> outputs = new ArrayList<>();
    for (int i = 0; packet.has(output(node, i)); i++) {
      outputs.add(packet.tensor(output(node, i)));
    }
    return outputs;
  }

  static RankedParams params(Packet packet) {
    return packet.has(PARAMS)
        ? RankedParams.decode(packet.tensor(PARAMS))
        : RankedParams.of(Map.of());
  }

  /** When the job came, in the job's time. */
  static long arrivedNs(Packet packet) {
    return number(packet, ARRIVED);
  }

  /** The packet, sent now. */
  static Packet sentNow(Packet packet) {
    return packet.withText(SENT, Long.toString(WallClock.micros()));
  }

  /** When the packet was sent here, in microseconds of the sender's clock. */
  static long sentUs(Packet packet) {
    return number(packet, SENT);
  }

  private static long number(Packet packet, String name) {
    String text = packet.texts().get(name);
    return text == null ? 0 : Long.parseLong(text);
  }

  /** One packet of what several parents gave for one job. */
  static Packet meet(List<Packet> arrived) {
    SortedMap<String, TensorData> tensors = new TreeMap<>();
    SortedMap<String, String> texts = new TreeMap<>();
    RankedParams params = RankedParams.of(Map.of());
    for (Packet packet : arrived) {
      tensors.putAll(packet.tensors());
      texts.putAll(packet.texts());
      params.merge(params(packet));
    }
    if (!params.isEmpty()) {
      tensors.put(PARAMS, params.encode());
    }
    texts.put(SENT, Long.toString(WallClock.micros()));
    return arrived.get(0).holding(tensors, texts);
  }

  /**
   * One packet of all parts of a job.
   *
   * @param parts in their order
   * @param perPart DPU nodes that each part was at; at others the job was before it was split
   */
  static Packet gather(List<Packet> parts, Set<String> perPart) {
    SortedMap<String, TensorData> tensors = new TreeMap<>();
    SortedMap<String, String> texts = new TreeMap<>(parts.get(0).texts());
    for (int i = 0; i < parts.size(); i++) {
      String prefix = prefix(i);
      parts.get(i).tensors().forEach((name, tensor) -> tensors.put(prefix + name, tensor));
      parts.get(i).texts().forEach((name, text) -> texts.put(prefix + name, text));
    }
    for (String node : perPart) {
      long sum = parts.stream().mapToLong(part -> ModelledTime.ns(part, node)).sum();
      if (sum > 0) {
        texts.put(ModelledTime.name(node), Long.toString(sum));
      }
    }
    texts.put(PARTS, Integer.toString(parts.size()));
    texts.put(SENT, Long.toString(WallClock.micros()));
    return parts.get(0).asWhole().holding(tensors, texts);
  }

  /** How many parts were gathered in the packet. */
  static int gathered(Packet packet) {
    return (int) number(packet, PARTS);
  }

  /** A part as it was before it was gathered. */
  static Packet part(Packet gathered, int index) {
    String prefix = prefix(index);
    SortedMap<String, TensorData> tensors = new TreeMap<>();
    SortedMap<String, String> texts = new TreeMap<>();
    String end = prefix + Character.MAX_VALUE;
    gathered
        .tensors()
        .subMap(prefix, end)
        .forEach((name, tensor) -> tensors.put(name.substring(prefix.length()), tensor));
    gathered
        .texts()
        .subMap(prefix, end)
        .forEach((name, text) -> texts.put(name.substring(prefix.length()), text));
    return gathered.holding(tensors, texts);
  }

  /** The gathered packet without its parts. */
  static Packet withoutParts(Packet gathered) {
    SortedMap<String, String> texts = new TreeMap<>(gathered.texts());
    texts.keySet().removeIf(name -> name.startsWith("part/"));
    texts.remove(PARTS);
    return gathered.holding(new TreeMap<>(), texts);
  }

  private static String prefix(int part) {
    return String.format(Locale.ROOT, "part/%06d/", part);
  }

  /** What is known of the job. */
  static JobInfo info(Packet packet, long finishNs) {
    return new JobInfo(
        packet.origin().requestId(),
        packet.origin().pipeline(),
        packet.origin().createdAtMillis(),
        packet.origin().attributes(),
        finishNs,
        ModelledTime.all(packet));
  }

  static long bytes(Packet packet) {
    long bytes = 0;
    for (TensorData tensor : packet.tensors().values()) {
      bytes += tensor.array().length;
    }
    return bytes;
  }
}
