package io.sluice.jobs;

import io.sluice.flink.wire.Wire;
import io.sluice.schemas.InferenceRequest;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import javax.imageio.ImageIO;

/** Requests for the text of one line. */
final class Lines {
  private Lines() {}

  static InferenceRequest.Builder request(String id, String pipeline) {
    return InferenceRequest.newBuilder().setId(id).setPipeline(pipeline);
  }

  static byte[] bytes(InferenceRequest.Builder request) {
    return Wire.requests(List.of()).encode(request.build());
  }

  static byte[] line(String id, byte[] image) {
    return bytes(request(id, "ocr-line").setImage(ByteBuffer.wrap(image)));
  }

  /** Black on white, 40 pixels high. */
  static byte[] image(String text, String format) throws IOException {
    BufferedImage image = new BufferedImage(220, 40, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
    graphics.setColor(Color.BLACK);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 26));
    graphics.drawString(text, 8, 30);
    graphics.dispose();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, format, out);
    return out.toByteArray();
  }
}
