package io.sluice.flink.ocr;

import io.sluice.aks.kernel.CtcDecoder;
import io.sluice.aks.kernel.RecognizedText;
import io.sluice.flink.Packet;
import io.sluice.flink.PacketKernel;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.List;

/** The output of the recognition network to characters. */
final class ReadText implements PacketKernel {
  private static final long serialVersionUID = 1L;

  private final List<String> alphabet;
  private transient CtcDecoder decoder;

  ReadText(List<String> alphabet) {
    this.alphabet = alphabet;
  }

  @Override
  public void open() {
    decoder = new CtcDecoder(alphabet);
  }

  @Override
  public boolean takes(Packet packet) {
    return packet.has(Fields.RECOGNITION_OUTPUT);
  }

  @Override
  public List<Packet> apply(Packet packet) {
    RecognizedText text = decoder.decode(packet.tensor(Fields.RECOGNITION_OUTPUT));
    return List.of(
        packet
            .without(Fields.RECOGNITION_OUTPUT)
            .withText(Fields.TEXT, text.text())
            .with(Fields.CONFIDENCE, TensorData.ofFloats(Shape.of(1), text.confidence())));
  }
}
