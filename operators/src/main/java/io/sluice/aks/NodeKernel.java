package io.sluice.aks;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.flink.Packet;
import io.sluice.flink.PacketKernel;
import io.sluice.xir.DataType;
import io.sluice.xir.TensorData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Calls the kernel of a node for a packet, and checks what it gives. */
final class NodeKernel implements PacketKernel {
  private static final long serialVersionUID = 1L;

  private final NodeCall call;
  private transient WatchedKernel watched;
  private transient long timestampNs;

  NodeKernel(NodeCall call) {
    this.call = call;
  }

  @Override
  public void open() {
    watched = new WatchedKernel(call, Thread.currentThread().getContextClassLoader());
    try {
      watched.open();
    } catch (IOException e) {
      throw new UncheckedIOException("kernel of node " + call.node(), e);
    }
  }

  /** When the next packet is ready, in virtual time; 0 in other time. */
  void at(long ns) {
    timestampNs = ns;
  }

  /** A job without parts passes the nodes that work on parts. */
  @Override
  public boolean takes(Packet packet) {
    return !call.split() || call.joins() || !packet.isWhole();
  }

  @Override
  public List<Packet> apply(Packet packet) throws IOException {
    if (call.joins()) {
      return join(packet);
    }
    RankedParams params = JobPackets.params(packet);
    JobParams job = new JobParams(JobPackets.info(packet, timestampNs), params.values());
    List<TensorData> inputs = inputs(packet);
    if (call.splits()) {
      List<List<TensorData>> parts =
          watched.call(kernel -> ((SplittingKernel) kernel).split(inputs, job));
      params.put(job.changed(), call.rank());
      return parts(packet, parts, params);
    }
    List<TensorData> outputs = watched.call(kernel -> kernel.apply(inputs, job));
    check(outputs);
    params.put(job.changed(), call.rank());
    return List.of(JobPackets.next(packet, call.node(), outputs, params));
  }

  private List<TensorData> inputs(Packet packet) {
    List<TensorData> inputs = new ArrayList<>();
    for (NodeCall.Input input : call.inputs()) {
      if (input.index() == InputRef.ALL) {
        inputs.addAll(JobPackets.outputs(packet, input.node()));
      } else {
        inputs.add(packet.tensor(JobPackets.output(input.node(), input.index())));
      }
    }
    return inputs;
  }

  private List<Packet> parts(Packet packet, List<List<TensorData>> parts, RankedParams params) {
    if (parts == null || parts.size() > SplittingKernel.MAX_PARTS) {
      throw wrong(
          parts == null ? "no list of parts" : parts.size() + " parts",
          "give at most " + SplittingKernel.MAX_PARTS);
    }
    if (parts.isEmpty()) {
      return List.of(JobPackets.next(packet, call.node(), List.of(), params));
    }
    List<Packet> packets = new ArrayList<>(parts.size());
    for (List<TensorData> part : parts) {
      check(part);
      packets.add(
          JobPackets.next(packet.asPart(packets.size(), parts.size()), call.node(), part, params));
    }
    return packets;
  }

  private List<Packet> join(Packet packet) throws IOException {
    List<JobPart> parts = new ArrayList<>();
    RankedParams common = JobPackets.params(packet);
    for (int i = 0; i < JobPackets.gathered(packet); i++) {
      Packet part = JobPackets.part(packet, i);
      RankedParams own = JobPackets.params(part);
      if (i == 0) {
        common = own.upTo(call.splitRank());
      }
      parts.add(
          new JobPart(
              inputs(part), new JobParams(JobPackets.info(part, timestampNs), own.values())));
    }
    JobParams job = new JobParams(JobPackets.info(packet, timestampNs), common.values());
    List<TensorData> outputs = watched.call(k -> ((JoiningKernel) k).join(parts, job));
    check(outputs);
    common.put(job.changed(), call.rank());
    return List.of(JobPackets.next(JobPackets.withoutParts(packet), call.node(), outputs, common));
  }

  private void check(List<TensorData> outputs) {
    if (outputs == null || outputs.stream().anyMatch(Objects::isNull)) {
      throw wrong("no list of tensors, or one with a null", "give a list, empty for nothing");
    }
    List<TensorSpec> specs = call.outputs();
    if (specs != null && specs.size() != outputs.size()) {
      throw wrong(outputs.size() + " outputs, not " + specs.size(), "give what it announces");
    }
    for (int i = 0; i < outputs.size(); i++) {
      TensorData output = outputs.get(i);
      if (specs != null && !specs.get(i).allows(output)) {
        throw wrong(
            "output " + i + " is " + output + ", not " + specs.get(i), "give what it announces");
      }
      if (output.type().equals(DataType.FLOAT32)) {
        for (int e = 0; e < output.shape().elements(); e++) {
          if (Float.isNaN(output.getFloat(e))) {
            throw wrong(
                "output " + i + " " + output + " has a NaN at element " + e,
                "guard the kernel against the input that leads to it");
          }
        }
      }
    }
  }

  private SluiceException wrong(String thing, String remedy) {
    return new SluiceException(
        ErrorCode.SLUICE_KERNEL_OUTPUT,
        "kernel '" + call.kernel() + "': " + thing,
        "node '" + call.node() + "'",
        remedy);
  }

  /** What the kernel has to say at the end; empty if it cannot. */
  String report() {
    try {
      return watched.call(Kernel::report);
    } catch (IOException | RuntimeException e) {
      return "";
    }
  }

  @Override
  public void close() {
    if (watched != null) {
      watched.close();
    }
  }
}
