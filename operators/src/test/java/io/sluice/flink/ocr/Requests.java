package io.sluice.flink.ocr;

import io.sluice.flink.wire.Wire;
import io.sluice.schemas.InferenceRequest;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import javax.imageio.ImageIO;

/** Requests for tests. */
final class Requests {
  private Requests() {}

  static byte[] png(int width, int height, Color color) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(color);
    graphics.fillRect(0, 0, width, height);
    graphics.dispose();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "png", out);
    return out.toByteArray();
  }

  static InferenceRequest.Builder of(String id, String pipeline) {
    return InferenceRequest.newBuilder().setId(id).setPipeline(pipeline);
  }

  static byte[] image(String id, String pipeline, byte[] image) {
    return bytes(of(id, pipeline).setImage(ByteBuffer.wrap(image)));
  }

  static byte[] bytes(InferenceRequest.Builder request) {
    return Wire.requests(List.of()).encode(request.build());
  }
}
