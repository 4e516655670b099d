package io.sluice.aks;

import io.sluice.dpu.exact.FixBorder;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.flink.Failure;
import io.sluice.flink.Packet;
import io.sluice.xir.DataType;
import io.sluice.xir.RoundMode;
import io.sluice.xir.TensorData;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.flink.api.common.functions.MapFunction;

/**
 * Before a DPU node: takes the one tensor of the packet that the network takes, checks it, and
 * brings floats to the fix position of a network that takes integers.
 */
final class DpuEntry implements MapFunction<Packet, Packet> {
  private static final long serialVersionUID = 1L;

  private final NodeCall call;
  private final TreeMap<Integer, Input> inputs = new TreeMap<>();

  private record Input(TensorSpec spec, Integer fixPosition) implements Serializable {}

  DpuEntry(NodeCall call, List<ModelSource.Known> models) {
    this.call = call;
    models.forEach(
        model -> inputs.put(model.width(), new Input(model.input(), model.fixPosition())));
  }

  @Override
  public Packet map(Packet packet) {
    if (packet.failed() || call.split() && packet.isWhole()) {
      return packet;
    }
    try {
      TensorData value = input(packet);
      return DpuExit.withWidth(
          JobPackets.next(packet, call.node(), List.of(), JobPackets.params(packet))
              .with(JobPackets.DPU_INPUT, value),
          width(value));
    } catch (SluiceException e) {
      return packet.failed(Failure.of(call.node(), e));
    }
  }

  private TensorData input(Packet packet) {
    List<TensorData> given = new ArrayList<>();
    for (NodeCall.Input ref : call.inputs()) {
      if (ref.index() == InputRef.ALL) {
        given.addAll(JobPackets.outputs(packet, ref.node()));
      } else {
        given.add(packet.tensor(JobPackets.output(ref.node(), ref.index())));
      }
    }
    if (given.size() != 1) {
      throw mismatch(given.size() + " tensors " + given + " where the network takes one");
    }
    TensorData value = given.get(0);
    Input input = inputs.get(width(value));
    if (input == null || !input.spec.allows(value)) {
      throw mismatch(
          value + " where the network takes " + inputs.values().stream().map(i -> i.spec).toList());
    }
    return input.fixPosition == null || !value.type().equals(DataType.FLOAT32)
        ? value
        : FixBorder.toFix(value, input.fixPosition, DataType.XINT8, RoundMode.DPU_ROUND);
  }

  private static int width(TensorData value) {
    return value.shape().rank() < 3 ? -1 : value.shape().dim(2);
  }

  private SluiceException mismatch(String thing) {
    return new SluiceException(
        ErrorCode.VART_SIZE_MISMATCH,
        thing,
        "node '" + call.node() + "'",
        "prepare the tensor for this network, in the layout NHWC; one image a job");
  }
}
