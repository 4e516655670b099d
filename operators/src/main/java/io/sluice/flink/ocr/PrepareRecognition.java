package io.sluice.flink.ocr;

import io.sluice.aks.kernel.RecognitionPreprocess;
import io.sluice.flink.Packet;
import io.sluice.flink.PacketKernel;
import java.util.List;

/** A line to the input of the recognition network; its pixels stay behind. */
final class PrepareRecognition implements PacketKernel {
  private static final long serialVersionUID = 1L;

  @Override
  public boolean takes(Packet packet) {
    return packet.has(Fields.CROP);
  }

  @Override
  public List<Packet> apply(Packet packet) {
    return List.of(
        packet
            .without(Fields.CROP)
            .with(
                Fields.RECOGNITION_INPUT,
                RecognitionPreprocess.prepare(packet.tensor(Fields.CROP)).tensor()));
  }
}
