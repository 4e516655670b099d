package io.sluice.flink.ocr;

import io.sluice.aks.kernel.PageText;
import io.sluice.aks.kernel.RecognizedText;
import io.sluice.aks.kernel.TextBox;
import io.sluice.schemas.InferenceResult;
import io.sluice.schemas.TextLine;
import java.util.ArrayList;
import java.util.List;

/** What was read on a page, as the record that answers a request. */
public final class PageAnswer {
  private PageAnswer() {}

  /**
   * A line as it was found and read.
   *
   * @param box eight coordinates of corners and the detector's score
   * @param upsideDown whether it was turned by 180 degrees before it was read
   * @param text what it says
   * @param confidence mean probability of the characters
   */
  public record Line(float[] box, boolean upsideDown, String text, float confidence) {}

  /**
   * The part of a result that the page decides.
   *
   * @param found all lines, in the order in which they were found
   * @param heightPixels of the image
   * @param widthPixels of the image
   */
  public static InferenceResult.Builder builder(
      List<Line> found, int heightPixels, int widthPixels) {
    List<TextLine> lines = new ArrayList<>();
    List<io.sluice.aks.kernel.TextLine> read = new ArrayList<>();
    for (Line line : found) {
      TextBox asFound = TextBox.ofRow(line.box);
      TextBox box = line.upsideDown ? asFound.turned() : asFound;
      read.add(
          new io.sluice.aks.kernel.TextLine(box, new RecognizedText(line.text, line.confidence)));
      lines.add(
          TextLine.newBuilder()
              .setText(line.text)
              .setConfidence(line.confidence)
              .setDetectionScore(line.box[8])
              .setUpsideDown(line.upsideDown)
              .setCorners(boxed(box.corners()))
              .build());
    }
    return InferenceResult.newBuilder()
        .setText(PageText.join(read))
        .setWidthPixels(widthPixels)
        .setHeightPixels(heightPixels)
        .setLines(PageText.order(read).stream().map(lines::get).toList());
  }

  private static List<Float> boxed(float[] values) {
    List<Float> list = new ArrayList<>(values.length);
    for (float value : values) {
      list.add(value);
    }
    return list;
  }
}
