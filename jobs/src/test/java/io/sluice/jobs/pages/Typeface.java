package io.sluice.jobs.pages;

import java.awt.Font;
import java.awt.FontFormatException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.Map;

/** The fonts of the pages, from jars on the test class path. */
enum Typeface {
  SANS("liberation/LiberationSans", "-Regular", "-Bold", "-Italic"),
  SERIF("liberation/LiberationSerif", "-Regular", "-Bold", "-Italic"),
  MONO("liberation/LiberationMono", "-Regular", "-Bold", "-Italic"),
  LATO("lato/Lato", "-Regular", "-Bold", "-Italic");

  private enum Cut {
    REGULAR,
    BOLD,
    ITALIC
  }

  private final Map<Cut, Font> cuts = new EnumMap<>(Cut.class);

  Typeface(String path, String regular, String bold, String italic) {
    cuts.put(Cut.REGULAR, load(path + regular));
    cuts.put(Cut.BOLD, load(path + bold));
    cuts.put(Cut.ITALIC, load(path + italic));
  }

  private static Font load(String name) {
    String resource = "/com/mpobjects/jasperreports/fonts/" + name + ".ttf";
    try (InputStream in = Typeface.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new FileNotFoundException(resource);
      }
      return Font.createFont(Font.TRUETYPE_FONT, in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (FontFormatException e) {
      throw new IllegalStateException(resource, e);
    }
  }

  Font regular(double size) {
    return cuts.get(Cut.REGULAR).deriveFont((float) size);
  }

  Font bold(double size) {
    return cuts.get(Cut.BOLD).deriveFont((float) size);
  }

  Font italic(double size) {
    return cuts.get(Cut.ITALIC).deriveFont((float) size);
  }
}
