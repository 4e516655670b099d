package io.sluice.report;

import io.sluice.schemas.InferenceResult;
import io.sluice.schemas.TextLine;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;

/** Draws what was found on a page. */
public final class PageDrawing {
  private static final Color UPRIGHT = new Color(0, 110, 220);
  private static final Color TURNED = new Color(220, 80, 0);

  private PageDrawing() {}

  /**
   * The page with the box of each line, blue, or orange where the line was turned.
   *
   * @param encoded the page, PNG or JPEG
   * @return PNG
   */
  public static byte[] draw(byte[] encoded, InferenceResult result) throws IOException {
    BufferedImage page = ImageIO.read(new ByteArrayInputStream(encoded));
    BufferedImage canvas =
        new BufferedImage(page.getWidth(), page.getHeight(), BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = canvas.createGraphics();
    graphics.drawImage(page, 0, 0, null);
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setStroke(new BasicStroke(2));
    for (TextLine line : result.getLines()) {
      graphics.setColor(line.getUpsideDown() ? TURNED : UPRIGHT);
      graphics.draw(outline(line.getCorners()));
    }
    graphics.dispose();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(canvas, "png", out);
    return out.toByteArray();
  }

  private static Path2D outline(List<Float> corners) {
    Path2D outline = new Path2D.Float();
    outline.moveTo(corners.get(0), corners.get(1));
    for (int i = 2; i < corners.size(); i += 2) {
      outline.lineTo(corners.get(i), corners.get(i + 1));
    }
    outline.closePath();
    return outline;
  }
}
