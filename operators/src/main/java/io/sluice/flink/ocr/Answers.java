package io.sluice.flink.ocr;

import io.sluice.aks.kernel.PageText;
import io.sluice.aks.kernel.RecognizedText;
import io.sluice.aks.kernel.TextBox;
import io.sluice.flink.Origin;
import io.sluice.flink.Packet;
import io.sluice.flink.dpu.ModelledTime;
import io.sluice.schemas.InferenceResult;
import io.sluice.schemas.TextLine;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Packets at the end of the pipeline to the records that answer a request. */
final class Answers {
  private Answers() {}

  /**
   * @param parts all lines of a request in their order, or the one packet of a page without any
   * @param finishNs when the last of them was done, in virtual time; 0 in other time
   */
  static InferenceResult result(List<Packet> parts, long finishNs) {
    Packet first = parts.get(0);
    Origin origin = first.origin();
    List<TextLine> lines = new ArrayList<>();
    List<io.sluice.aks.kernel.TextLine> read = new ArrayList<>();
    for (Packet part : parts) {
      if (!part.texts().containsKey(Fields.TEXT)) {
        continue; // a page without lines, or one of which only the time was of interest
      }
      float[] box = part.tensor(Fields.BOX).toFloats();
      boolean upsideDown = part.tensor(Fields.UPSIDE_DOWN).getByte(0) != 0;
      TextBox found = new TextBox(Arrays.copyOf(box, 8), box[8]);
      TextBox textBox = upsideDown ? found.turned() : found;
      String text = part.texts().get(Fields.TEXT);
      float confidence = part.tensor(Fields.CONFIDENCE).getFloat(0);
      read.add(new io.sluice.aks.kernel.TextLine(textBox, new RecognizedText(text, confidence)));
      lines.add(
          TextLine.newBuilder()
              .setText(text)
              .setConfidence(confidence)
              .setDetectionScore(box[8])
              .setUpsideDown(upsideDown)
              .setCorners(boxed(textBox.corners()))
              .build());
    }
    TensorData size = first.tensor(Fields.IMAGE_SIZE);
    return InferenceResult.newBuilder()
        .setRequestId(origin.requestId())
        .setPipeline(origin.pipeline())
        .setText(PageText.join(read))
        .setWidthPixels(size.getInt(1))
        .setHeightPixels(size.getInt(0))
        .setLines(PageText.order(read).stream().map(lines::get).toList())
        .setCreatedAtMillis(origin.createdAtMillis())
        .setAttributes(origin.attributes())
        .setModelledDpuNs(modelledDpuNs(parts))
        .setModelledFinishNs(finishNs)
        .build();
  }

  /** The page was detected once, before it was split; the other networks ran for each line. */
  private static long modelledDpuNs(List<Packet> parts) {
    long ns = ModelledTime.ns(parts.get(0), OcrStage.DETECT.id());
    for (Packet part : parts) {
      ns += ModelledTime.ns(part, OcrStage.ORIENT.id());
      ns += ModelledTime.ns(part, OcrStage.RECOGNIZE.id());
    }
    return ns;
  }

  private static List<Float> boxed(float[] values) {
    List<Float> list = new ArrayList<>(values.length);
    for (float value : values) {
      list.add(value);
    }
    return list;
  }
}
