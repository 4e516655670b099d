package io.sluice.flink.ocr;

import io.sluice.aks.kernel.CropRotate;
import io.sluice.aks.kernel.DbPostprocess;
import io.sluice.aks.kernel.TextBox;
import io.sluice.flink.Packet;
import io.sluice.flink.PacketKernel;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.List;

/**
 * The output of the detection network to lines, each cut out of the page and a part of its own. A
 * page without any goes on as a whole.
 */
final class FindLines implements PacketKernel {
  private static final long serialVersionUID = 1L;

  @Override
  public boolean takes(Packet packet) {
    return packet.has(Fields.DETECTION_OUTPUT);
  }

  @Override
  public List<Packet> apply(Packet packet) {
    TensorData image = packet.tensor(Fields.IMAGE);
    List<TextBox> boxes =
        DbPostprocess.boxes(
            packet.tensor(Fields.DETECTION_OUTPUT),
            packet.tensor(Fields.SCALE).getFloat(0),
            image.shape().dim(1),
            image.shape().dim(0));
    Packet page = packet.without(Fields.IMAGE, Fields.SCALE, Fields.DETECTION_OUTPUT);
    if (boxes.isEmpty()) {
      return List.of(page);
    }
    List<Packet> lines = new ArrayList<>(boxes.size());
    for (TextBox box : boxes) {
      lines.add(
          page.asPart(lines.size(), boxes.size())
              .with(Fields.BOX, TensorData.ofFloats(Shape.of(TextBox.ROW), box.row()))
              .with(Fields.CROP, CropRotate.crop(image, box)));
    }
    return lines;
  }
}
