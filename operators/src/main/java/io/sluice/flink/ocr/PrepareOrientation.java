package io.sluice.flink.ocr;

import io.sluice.aks.kernel.OrientationClassifier;
import io.sluice.flink.Packet;
import io.sluice.flink.PacketKernel;
import java.util.List;

/** A line to the input of the orientation network. */
final class PrepareOrientation implements PacketKernel {
  private static final long serialVersionUID = 1L;

  @Override
  public boolean takes(Packet packet) {
    return packet.has(Fields.CROP);
  }

  @Override
  public List<Packet> apply(Packet packet) {
    return List.of(
        packet.with(
            Fields.ORIENTATION_INPUT, OrientationClassifier.prepare(packet.tensor(Fields.CROP))));
  }
}
