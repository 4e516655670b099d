package io.sluice.flink.ocr;

import io.sluice.aks.kernel.DetectionInput;
import io.sluice.aks.kernel.DetectionPreprocess;
import io.sluice.flink.Packet;
import io.sluice.flink.PacketKernel;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.List;

/** A page to the input of the detection network. */
final class PrepareDetection implements PacketKernel {
  private static final long serialVersionUID = 1L;

  @Override
  public boolean takes(Packet packet) {
    return packet.has(Fields.IMAGE);
  }

  @Override
  public List<Packet> apply(Packet packet) {
    DetectionInput input = DetectionPreprocess.prepare(packet.tensor(Fields.IMAGE));
    return List.of(
        packet
            .with(Fields.DETECTION_INPUT, input.tensor())
            .with(Fields.SCALE, TensorData.ofFloats(Shape.of(1), input.scale())));
  }
}
