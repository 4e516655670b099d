package io.sluice.jobs.pages;

import java.awt.Color;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Function;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/**
 * Renders document pages from a seed: {@code --seed N --count N --out DIR [--pieces DIR]}.
 *
 * <p>Page k has layout k modulo their number and a random stream of its own, so a longer run begins
 * with the pages of a shorter one. Written are {@code page-NN.png|jpg}, its truth {@code
 * page-NN.txt} and, on request, where each piece of text lies: {@code page-NN.tsv}, eight
 * coordinates and the text. The shipped pages are {@code --seed 7 --count 14}.
 */
public final class PageGenerator {
  private static final List<Layout> LAYOUTS =
      List.of(
          new Layout(TextLayouts::letter, 0.7, true),
          new Layout(TextLayouts::twoColumns, 0.5, true),
          new Layout(TableLayouts::invoice, 0.4, false),
          new Layout(TextLayouts::article, 0.6, true),
          new Layout(TableLayouts::receipt, 1.2, true),
          new Layout(TextLayouts::slide, 0, false),
          new Layout(TableLayouts::form, 0.8, true),
          new Layout(TextLayouts::notice, 1.5, true),
          new Layout(TableLayouts::timetable, 0.5, false),
          new Layout(TableLayouts::recipe, 1.5, true),
          new Layout(TextLayouts::book, 2.0, true),
          new Layout(TextLayouts::tentCard, 1.0, true),
          new Layout(TextLayouts::minutes, 0.8, true),
          new Layout(TableLayouts::poster, 2.5, true));

  private PageGenerator() {}

  /**
   * A kind of page.
   *
   * @param draw draws it
   * @param maxDegrees how far it may be turned
   * @param camera whether light, blur, noise and JPEG compression are laid over it
   */
  private record Layout(Function<Prose, Sheet> draw, double maxDegrees, boolean camera) {}

  public static void main(String[] args) throws IOException {
    long seed = 7;
    int count = LAYOUTS.size();
    Path out = null;
    Path pieces = null;
    for (int i = 0; i + 1 < args.length; i += 2) {
      switch (args[i]) {
        case "--seed" -> seed = Long.parseLong(args[i + 1]);
        case "--count" -> count = Integer.parseInt(args[i + 1]);
        case "--out" -> out = Path.of(args[i + 1]);
        case "--pieces" -> pieces = Path.of(args[i + 1]);
        default -> throw new IllegalArgumentException("unknown option " + args[i]);
      }
    }
    if (out == null) {
      throw new IllegalArgumentException("--out DIR is missing");
    }
    System.setProperty("java.awt.headless", "true");
    Files.createDirectories(out);
    for (int k = 0; k < count; k++) {
      write(k, seed, out, pieces);
    }
  }

  private static void write(int k, long seed, Path out, Path pieces) throws IOException {
    Random random = new Random(seed * 1_000_003 + k);
    Layout layout = LAYOUTS.get(k % LAYOUTS.size());
    Sheet sheet = layout.draw().apply(new Prose(random));
    sheet.g.dispose();
    Wear wear = wear(layout, random);
    Color paper = new Color(sheet.image.getRGB(0, 0));
    BufferedImage image = wear.apply(sheet.image, paper, random);
    String name = String.format(Locale.ROOT, "page-%02d", k + 1);
    Files.writeString(out.resolve(name + ".txt"), sheet.truth());
    if (wear.jpegQuality() == 0) {
      ImageIO.write(image, "png", out.resolve(name + ".png").toFile());
    } else {
      writeJpeg(image, wear.jpegQuality(), out.resolve(name + ".jpg"));
    }
    if (pieces != null) {
      Files.createDirectories(pieces);
      Files.writeString(pieces.resolve(name + ".tsv"), table(sheet, wear));
    }
  }

  private static Wear wear(Layout layout, Random random) {
    double sign = random.nextBoolean() ? 1 : -1;
    double degrees = sign * layout.maxDegrees() * (0.5 + 0.5 * random.nextDouble());
    double shear = layout.camera() ? (random.nextDouble() - 0.5) * 0.02 : 0;
    if (!layout.camera()) {
      return new Wear(degrees, 0, 0, 0, 0, 0);
    }
    return new Wear(
        degrees,
        shear,
        0.4 + 0.7 * random.nextDouble(),
        0.15 + 0.4 * random.nextDouble(),
        2 + 7 * random.nextDouble(),
        0.55f + 0.35f * random.nextFloat());
  }

  private static String table(Sheet sheet, Wear wear) {
    AffineTransform transform = wear.transform(sheet.width, sheet.height);
    StringBuilder table = new StringBuilder();
    for (Sheet.Piece piece : sheet.pieces()) {
      for (double c : piece.moved(transform).corners()) {
        table.append(String.format(Locale.ROOT, "%.1f\t", c));
      }
      table.append(piece.text()).append('\n');
    }
    return table.toString();
  }

  private static void writeJpeg(BufferedImage image, float quality, Path file) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    Files.deleteIfExists(file);
    try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
      ImageWriteParam param = writer.getDefaultWriteParam();
      param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      param.setCompressionQuality(quality);
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), param);
    } finally {
      writer.dispose();
    }
  }
}
