package io.sluice.flink.ocr;

import io.sluice.aks.kernel.ImageDecoder;
import io.sluice.flink.Packet;
import io.sluice.flink.PacketKernel;
import io.sluice.flink.request.ImageFiles;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.List;

/**
 * The encoded image, or the file it lies in, to pixels. A request for a line becomes its one part.
 */
final class DecodeImage implements PacketKernel {
  private static final long serialVersionUID = 1L;

  private final OcrConfig config;
  private transient ImageDecoder decoder;
  private transient ImageFiles files;

  DecodeImage(OcrConfig config) {
    this.config = config;
  }

  @Override
  public void open() {
    decoder = new ImageDecoder(config.limits());
    files = new ImageFiles(config.imageRoots(), config.limits().maxEncodedBytes());
  }

  @Override
  public boolean takes(Packet packet) {
    return packet.has(Fields.ENCODED) || packet.texts().containsKey(Fields.IMAGE_URI);
  }

  @Override
  public List<Packet> apply(Packet packet) {
    byte[] encoded =
        packet.has(Fields.ENCODED)
            ? packet.tensor(Fields.ENCODED).array()
            : files.read(packet.texts().get(Fields.IMAGE_URI));
    TensorData pixels = decoder.decode(encoded);
    int height = pixels.shape().dim(0);
    int width = pixels.shape().dim(1);
    Packet sized =
        packet
            .without(Fields.ENCODED, Fields.IMAGE_URI)
            .with(Fields.IMAGE_SIZE, TensorData.ofInts(Shape.of(2), height, width));
    if (!packet.origin().pipeline().equals(Pipelines.LINE)) {
      return List.of(sized.with(Fields.IMAGE, pixels));
    }
    TensorData wholeImage =
        TensorData.ofFloats(Shape.of(9), 0, 0, width, 0, width, height, 0, height, 1);
    return List.of(sized.asPart(0, 1).with(Fields.CROP, pixels).with(Fields.BOX, wholeImage));
  }
}
