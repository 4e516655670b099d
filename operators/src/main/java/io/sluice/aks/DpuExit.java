package io.sluice.aks;

import io.sluice.flink.Packet;
import io.sluice.flink.PacketKernel;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.TreeMap;

/**
 * After a DPU node that takes the time only: gives a request zeros in the shapes of the network's
 * outputs, so that the nodes after it have something to work on.
 */
final class DpuExit implements PacketKernel {
  private static final long serialVersionUID = 1L;

  /** Carries the width of the input. */
  private static final String WIDTH = "width";

  private final List<String> outputs;
  private final TreeMap<Integer, List<TensorSpec>> shapes = new TreeMap<>();
  private transient TreeMap<Integer, List<TensorData>> zeros;

  /**
   * @param outputs names of the output tensors
   * @param models for each width of the input, each with as many outputs
   */
  DpuExit(List<String> outputs, List<ModelSource.Known> models) {
    this.outputs = outputs;
    models.forEach(model -> shapes.put(model.width(), model.outputs()));
  }

  /** The packet with the width of its input. */
  static Packet withWidth(Packet packet, int width) {
    return packet.withText(WIDTH, Integer.toString(width));
  }

  @Override
  public void open() {
    zeros = new TreeMap<>();
    shapes.forEach((width, specs) -> zeros.put(width, specs.stream().map(DpuExit::zeros).toList()));
  }

  private static TensorData zeros(TensorSpec spec) {
    Shape shape = Shape.of(spec.dims().stream().mapToInt(Integer::intValue).toArray());
    return TensorData.wrap(DataType.FLOAT32, shape, new byte[shape.elements() * 4]);
  }

  @Override
  public boolean takes(Packet packet) {
    return packet.texts().containsKey(WIDTH) && !packet.has(outputs.get(0));
  }

  @Override
  public List<Packet> apply(Packet packet) {
    int width = Integer.parseInt(packet.texts().get(WIDTH));
    Packet result = packet.without(WIDTH);
    for (int i = 0; i < outputs.size(); i++) {
      result = result.with(outputs.get(i), zeros.get(width).get(i));
    }
    return List.of(result);
  }
}
