package io.sluice.flink.ocr;

import io.sluice.flink.Origin;
import io.sluice.flink.Packet;
import io.sluice.flink.dpu.ModelledTime;
import io.sluice.schemas.InferenceResult;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.List;

/** Packets at the end of the pipeline to the record that answers a request. */
final class Answers {
  private Answers() {}

  /**
   * @param parts all lines of a request in their order, or the one packet of a page without any
   * @param finishNs when the last of them was done, in virtual time; 0 in other time
   */
  static InferenceResult result(List<Packet> parts, long finishNs) {
    Packet first = parts.get(0);
    Origin origin = first.origin();
    List<PageAnswer.Line> lines = new ArrayList<>();
    for (Packet part : parts) {
      if (!part.texts().containsKey(Fields.TEXT)) {
        continue; // a page without lines, or one of which only the time was of interest
      }
      lines.add(
          new PageAnswer.Line(
              part.tensor(Fields.BOX).toFloats(),
              part.tensor(Fields.UPSIDE_DOWN).getByte(0) != 0,
              part.texts().get(Fields.TEXT),
              part.tensor(Fields.CONFIDENCE).getFloat(0)));
    }
    TensorData size = first.tensor(Fields.IMAGE_SIZE);
    return PageAnswer.builder(lines, size.getInt(0), size.getInt(1))
        .setRequestId(origin.requestId())
        .setPipeline(origin.pipeline())
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
}
