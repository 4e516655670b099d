package io.sluice.jobs.pages;

import io.sluice.aks.kernel.CropRotate;
import io.sluice.aks.kernel.ImageDecoder;
import io.sluice.aks.kernel.ImageLimits;
import io.sluice.aks.kernel.TextBox;
import io.sluice.xir.TensorData;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import javax.imageio.ImageIO;

/**
 * Images of single short lines, cut out of the shipped pages by the places that the generator wrote
 * down: no fonts are needed.
 */
public final class LineImages {
  private static final int PAGES = 14;
  private static final int MAX_CHARACTERS = 24;

  /** Room around the line, in line heights: the detector wants some paper around the text. */
  private static final float MARGIN = 0.15f;

  private LineImages() {}

  /**
   * A line and what it says.
   *
   * @param png the image, encoded
   * @param truth the text
   */
  public record LineImage(byte[] png, String truth) {}

  /** A line on a page. */
  private record Source(TensorData page, TextBox box, String text) {}

  /**
   * Lines in an order that the seed gives. When there are fewer than {@code count}, they come again
   * with other margins, so that no two images are the same bytes.
   *
   * @param count how many
   */
  public static List<LineImage> cut(int count, long seed) throws IOException {
    List<Source> sources = sources();
    Random random = new Random(seed);
    List<LineImage> lines = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Source source = sources.get(random.nextInt(sources.size()));
      float margin = MARGIN * (1 + random.nextFloat());
      TensorData crop = CropRotate.crop(source.page(), grown(source.box(), margin));
      lines.add(new LineImage(png(crop), source.text()));
    }
    return lines;
  }

  private static List<Source> sources() throws IOException {
    ImageDecoder decoder = new ImageDecoder(ImageLimits.standard());
    List<Source> sources = new ArrayList<>();
    for (int k = 1; k <= PAGES; k++) {
      String name = String.format(Locale.ROOT, "page-%02d", k);
      TensorData page = decoder.decode(page(name));
      String table = new String(resource("/pages/" + name + ".tsv"), StandardCharsets.UTF_8);
      for (String row : table.lines().toList()) {
        String[] fields = row.split("\t", -1);
        String text = fields[8];
        if (text.length() >= 3 && text.length() <= MAX_CHARACTERS) {
          float[] corners = new float[8];
          for (int i = 0; i < 8; i++) {
            corners[i] = Float.parseFloat(fields[i]);
          }
          sources.add(new Source(page, new TextBox(corners, 1), text));
        }
      }
    }
    return sources;
  }

  private static byte[] page(String name) throws IOException {
    for (String end : List.of(".png", ".jpg")) {
      try (InputStream in = LineImages.class.getResourceAsStream("/demo/pages/" + name + end)) {
        if (in != null) {
          return in.readAllBytes();
        }
      }
    }
    throw new FileNotFoundException(name);
  }

  private static byte[] resource(String path) throws IOException {
    try (InputStream in = LineImages.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new FileNotFoundException(path);
      }
      return in.readAllBytes();
    }
  }

  /** The box with {@code margin} line heights more on the left and right, and half of it above. */
  private static TextBox grown(TextBox box, float margin) {
    float[] c = box.corners();
    float alongX = (c[2] - c[0]) / box.width();
    float alongY = (c[3] - c[1]) / box.width();
    float reach = margin * box.height();
    float[] signs = {-1, -0.5f, 1, -0.5f, 1, 0.5f, -1, 0.5f};
    for (int i = 0; i < 4; i++) {
      c[2 * i] += reach * (signs[2 * i] * alongX - signs[2 * i + 1] * alongY);
      c[2 * i + 1] += reach * (signs[2 * i] * alongY + signs[2 * i + 1] * alongX);
    }
    return new TextBox(c, box.score());
  }

  private static byte[] png(TensorData rgb) throws IOException {
    int height = rgb.shape().dim(0);
    int width = rgb.shape().dim(1);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < width * height; i++) {
      int red = rgb.getByte(3 * i) & 0xff;
      int green = rgb.getByte(3 * i + 1) & 0xff;
      int blue = rgb.getByte(3 * i + 2) & 0xff;
      image.setRGB(i % width, i / width, red << 16 | green << 8 | blue);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "png", out);
    return out.toByteArray();
  }
}
