package io.sluice.aks;

import io.sluice.flink.Packet;
import io.sluice.flink.PacketKernel;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.List;
import java.util.TreeMap;

/**
 * After a DPU node that takes the time only: gives a request zeros in the shape of the network's
 * output, so that the nodes after it have something to work on.
 */
final class DpuExit implements PacketKernel {
  private static final long serialVersionUID = 1L;

  /** Carries the width of the input. */
  private static final String WIDTH = "width";

  private final String output;
  private final TreeMap<Integer, int[]> shapes;
  private transient TreeMap<Integer, TensorData> zeros;

  /**
   * @param output name of the output tensor
   * @param shapes of the output by the width of the input
   */
  DpuExit(String output, TreeMap<Integer, int[]> shapes) {
    this.output = output;
    this.shapes = shapes;
  }

  /** The packet with the width of its input. */
  static Packet withWidth(Packet packet, int width) {
    return packet.withText(WIDTH, Integer.toString(width));
  }

  @Override
  public void open() {
    zeros = new TreeMap<>();
    shapes.forEach(
        (width, dims) -> {
          Shape shape = Shape.of(dims);
          zeros.put(
              width, TensorData.wrap(DataType.FLOAT32, shape, new byte[shape.elements() * 4]));
        });
  }

  @Override
  public boolean takes(Packet packet) {
    return packet.texts().containsKey(WIDTH) && !packet.has(output);
  }

  @Override
  public List<Packet> apply(Packet packet) {
    int width = Integer.parseInt(packet.texts().get(WIDTH));
    return List.of(packet.without(WIDTH).with(output, zeros.get(width)));
  }
}
