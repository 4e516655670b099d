package io.sluice.jobs.pages;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.awt.image.ConvolveOp;
import java.awt.image.Kernel;
import java.util.Random;

/**
 * What a scanner or a camera does to a page.
 *
 * @param degrees rotation about the middle, clockwise
 * @param shear horizontal shift per row
 * @param blurPixels standard deviation of the blur, 0 for none
 * @param light how much darker the darkest corner is than the lightest, 0 to 1
 * @param noise standard deviation of the noise, in levels of 255
 * @param jpegQuality 0 to 1, or 0 to store a PNG
 */
record Wear(
    double degrees,
    double shear,
    double blurPixels,
    double light,
    double noise,
    float jpegQuality) {

  /** Where a point of the page comes to lie. */
  AffineTransform transform(int width, int height) {
    AffineTransform transform = new AffineTransform();
    transform.translate(width / 2.0, height / 2.0);
    transform.rotate(Math.toRadians(degrees));
    transform.shear(shear, 0);
    transform.translate(-width / 2.0, -height / 2.0);
    return transform;
  }

  BufferedImage apply(BufferedImage page, Color background, Random random) {
    BufferedImage worn = degrees == 0 && shear == 0 ? page : moved(page, background);
    if (blurPixels > 0) {
      worn = blurred(worn);
    }
    return light == 0 && noise == 0 ? worn : lit(worn, random);
  }

  private BufferedImage moved(BufferedImage page, Color background) {
    BufferedImage out =
        new BufferedImage(page.getWidth(), page.getHeight(), BufferedImage.TYPE_INT_RGB);
    Graphics2D g = out.createGraphics();
    g.setColor(background);
    g.fillRect(0, 0, out.getWidth(), out.getHeight());
    g.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    g.drawImage(page, transform(page.getWidth(), page.getHeight()), null);
    g.dispose();
    return out;
  }

  private BufferedImage blurred(BufferedImage page) {
    int radius = (int) Math.ceil(3 * blurPixels);
    float[] weights = new float[2 * radius + 1];
    float sum = 0;
    for (int i = 0; i < weights.length; i++) {
      double x = (i - radius) / blurPixels;
      weights[i] = (float) Math.exp(-x * x / 2);
      sum += weights[i];
    }
    for (int i = 0; i < weights.length; i++) {
      weights[i] /= sum;
    }
    BufferedImage across =
        new ConvolveOp(new Kernel(weights.length, 1, weights), ConvolveOp.EDGE_NO_OP, null)
            .filter(page, null);
    return new ConvolveOp(new Kernel(1, weights.length, weights), ConvolveOp.EDGE_NO_OP, null)
        .filter(across, null);
  }

  /** Light that falls off from one side with a soft shadow across, and noise on each channel. */
  private BufferedImage lit(BufferedImage page, Random random) {
    double direction = random.nextDouble() * 2 * Math.PI;
    double shadowAt = 0.2 + 0.6 * random.nextDouble();
    BufferedImage out =
        new BufferedImage(page.getWidth(), page.getHeight(), BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < page.getHeight(); y++) {
      for (int x = 0; x < page.getWidth(); x++) {
        double u = (double) x / page.getWidth() - 0.5;
        double v = (double) y / page.getHeight() - 0.5;
        double along = (u * Math.cos(direction) + v * Math.sin(direction)) / Math.sqrt(0.5);
        double shadow = Math.exp(-Math.pow((along + 0.5 - shadowAt) / 0.15, 2));
        double factor = 1 - light * (0.35 * (along + 1) + 0.3 * shadow);
        int rgb = page.getRGB(x, y);
        double grain = random.nextGaussian() * noise;
        int red = level((rgb >> 16 & 255) * factor + grain + random.nextGaussian() * noise / 4);
        int green = level((rgb >> 8 & 255) * factor + grain + random.nextGaussian() * noise / 4);
        int blue = level((rgb & 255) * factor + grain + random.nextGaussian() * noise / 4);
        out.setRGB(x, y, red << 16 | green << 8 | blue);
      }
    }
    return out;
  }

  private static int level(double value) {
    return (int) Math.max(0, Math.min(255, Math.round(value)));
  }
}
