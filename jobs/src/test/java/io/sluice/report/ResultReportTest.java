package io.sluice.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schemas.InferenceResult;
import io.sluice.schemas.TextLine;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class ResultReportTest {
  private static final InferenceResult RESULT = result(Map.of());

  private static InferenceResult result(Map<String, String> attributes) {
    return InferenceResult.newBuilder()
        .setRequestId("page-1")
        .setText("a\n\"b\"")
        .setWidthPixels(40)
        .setHeightPixels(30)
        .setLines(
            List.of(
                TextLine.newBuilder()
                    .setText("a")
                    .setConfidence(0.5f)
                    .setDetectionScore(0.25f)
                    .setCorners(List.of(4f, 5f, 34f, 5f, 34f, 20f, 4f, 20f))
                    .build()))
        .setAttributes(attributes)
        .setModelledDpuNs(7)
        .setModelledFinishNs(9)
        .build();
  }

  @Test
  void aResultIsOneLineOfJsonWithTheFieldsOfItsSchema() {
    assertThat(ResultJson.of(RESULT))
        .isEqualTo(
            "{\"requestId\":\"page-1\",\"pipeline\":\"ocr-page\",\"text\":\"a\\n\\\"b\\\"\","
                + "\"widthPixels\":40,\"heightPixels\":30,\"lines\":[{\"text\":\"a\","
                + "\"confidence\":0.5,\"detectionScore\":0.25,\"upsideDown\":false,"
                + "\"corners\":[4.0,5.0,34.0,5.0,34.0,20.0,4.0,20.0]}],"
                + "\"createdAtMillis\":0,\"attributes\":{},"
                + "\"modelledDpuNs\":7,\"modelledFinishNs\":9}");
  }

  @Test
  void attributesAreSortedWhateverTheirOrder() {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("z", "1");
    attributes.put("a", "2");

    assertThat(ResultJson.of(result(attributes)))
        .contains("\"attributes\":{\"a\":\"2\",\"z\":\"1\"}");
  }

  @Test
  void boxesAreDrawnOnThePageAndTheRestIsLeftAsItIs() throws Exception {
    BufferedImage page = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
    ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    ImageIO.write(page, "png", encoded);

    BufferedImage drawn =
        ImageIO.read(new ByteArrayInputStream(PageDrawing.draw(encoded.toByteArray(), RESULT)));

    assertThat(drawn.getWidth()).isEqualTo(40);
    assertThat(drawn.getRGB(20, 5) & 0xFF).isGreaterThan(100);
    assertThat(drawn.getRGB(34, 12) & 0xFF).isGreaterThan(100);
    assertThat(drawn.getRGB(20, 12) & 0xFFFFFF).isZero();
    assertThat(drawn.getRGB(38, 28) & 0xFFFFFF).isZero();
  }
}
