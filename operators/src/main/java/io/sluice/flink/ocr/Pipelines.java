package io.sluice.flink.ocr;

import java.util.List;

/** What a request may ask for. */
public final class Pipelines {
  /** Find and read the text of a page. */
  public static final String PAGE = "ocr-page";

  /** Read the one line that the image shows. */
  public static final String LINE = "ocr-line";

  static final List<String> NAMES = List.of(PAGE, LINE);

  private Pipelines() {}
}
