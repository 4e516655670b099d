package io.sluice.jobs.bench;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What a benchmark asks of a fleet. */
public sealed interface Load {
  /** No trace has more requests. */
  int MAX_TRACE = 10_000_000;

  /** For people. */
  String text();

  /**
   * Clients that each send a request, wait for its end, and send the next.
   *
   * @param perImage clients for each image that a unit of the fleet takes at once
   */
  record Closed(int perImage) implements Load {
    private static final int MOST = 10_000;

    /**
     * @throws SluiceException SLUICE_USAGE for a number out of range
     */
    public Closed {
      if (perImage < 1 || perImage > MOST) {
        throw invalid(perImage + " clients an image", "use 1 to " + MOST);
      }
    }

    @Override
    public String text() {
      return perImage + " clients for each image that a unit takes at once";
    }
  }

  /** How requests of an open load come. */
  enum Shape {
    CONSTANT,
    POISSON,
    BURSTY
  }

  /**
   * Requests that come whether those before them have ended or not.
   *
   * @param perSecond mean rate over the whole fleet
   */
  record Open(Shape shape, double perSecond) implements Load {
    private static final double MOST = 1e9;

    /**
     * @throws SluiceException SLUICE_USAGE for a rate out of range
     */
    public Open {
      if (!(perSecond >= 1e-3 && perSecond <= MOST)) {
        throw invalid(perSecond + " requests a second", "use 0.001 to " + MOST);
      }
    }

    @Override
    public String text() {
      return shape.name().toLowerCase(Locale.ROOT) + " " + perSecond + "/s";
    }

    ArrivalProcess process() {
      return switch (shape) {
        case CONSTANT -> new ArrivalProcess.Constant(perSecond);
        case POISSON -> new ArrivalProcess.Poisson(perSecond);
        case BURSTY -> new ArrivalProcess.Bursty(perSecond);
      };
    }
  }

  /**
   * Requests at given times.
   *
   * @param atNs in order, from 0 on
   */
  record Trace(long[] atNs) implements Load {
    @Override
    public String text() {
      return "replayed trace of " + atNs.length + " requests";
    }

    /**
     * Reads a file with a time in milliseconds in each line, in order; empty lines and those that
     * begin with # are left out.
     *
     * @throws SluiceException SLUICE_IO if it cannot be read, SLUICE_USAGE if it says something
     *     else, SLUICE_LIMIT if it has more than {@link #MAX_TRACE} lines
     */
    public static Trace read(Path file) {
      try (var lines = Files.lines(file)) {
        List<String> texts = lines.limit(MAX_TRACE + 1L).toList();
        if (texts.size() > MAX_TRACE) {
          throw new SluiceException(
              ErrorCode.SLUICE_LIMIT,
              "more than " + MAX_TRACE + " lines",
              "trace '" + file + "'",
              "replay a part of it");
        }
        long[] atNs =
            texts.stream()
                .map(String::strip)
                .filter(text -> !text.isEmpty() && !text.startsWith("#"))
                .mapToLong(text -> ns(text, file))
                .toArray();
        for (int i = 1; i < atNs.length; i++) {
          if (atNs[i] < atNs[i - 1]) {
            throw bad(file, "time " + atNs[i] / 1e6 + " ms after " + atNs[i - 1] / 1e6);
          }
        }
        if (atNs.length < 2 || atNs[atNs.length - 1] == 0) {
          throw bad(file, atNs.length + " times");
        }
        return new Trace(atNs);
      } catch (IOException | UncheckedIOException e) {
        throw new SluiceException(
            ErrorCode.SLUICE_IO,
            String.valueOf(e.getMessage()),
            "trace '" + file + "'",
            "check the path",
            e);
      }
    }

    private static long ns(String text, Path file) {
      try {
        double ms = Double.parseDouble(text);
        if (ms >= 0 && ms <= 1e12) {
          return Math.round(ms * 1e6);
        }
      } catch (NumberFormatException e) {
        throw bad(file, "'" + text + "'");
      }
      throw bad(file, text + " ms");
    }

    private static SluiceException bad(Path file, String what) {
      return new SluiceException(
          ErrorCode.SLUICE_USAGE,
          what,
          "trace '" + file + "'",
          "write two times or more in milliseconds, a line each, in order, of 0 to 1e12");
    }
  }

  private static SluiceException invalid(String what, String remedy) {
    return new SluiceException(ErrorCode.SLUICE_USAGE, what, "load of a fleet", remedy);
  }
}
