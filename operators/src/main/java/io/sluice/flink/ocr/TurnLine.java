package io.sluice.flink.ocr;

import io.sluice.aks.kernel.CropRotate;
import io.sluice.aks.kernel.OrientationClassifier;
import io.sluice.flink.Packet;
import io.sluice.flink.PacketKernel;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.List;

/** Turns a line that stands on its head. */
final class TurnLine implements PacketKernel {
  private static final long serialVersionUID = 1L;

  @Override
  public boolean takes(Packet packet) {
    return packet.has(Fields.ORIENTATION_OUTPUT);
  }

  @Override
  public List<Packet> apply(Packet packet) {
    boolean turn = OrientationClassifier.isUpsideDown(packet.tensor(Fields.ORIENTATION_OUTPUT));
    Packet line =
        packet
            .without(Fields.ORIENTATION_OUTPUT)
            .with(
                Fields.UPSIDE_DOWN,
                TensorData.wrap(DataType.UINT8, Shape.of(1), new byte[] {(byte) (turn ? 1 : 0)}));
    return List.of(
        turn ? line.with(Fields.CROP, CropRotate.rotate180(line.tensor(Fields.CROP))) : line);
  }
}
