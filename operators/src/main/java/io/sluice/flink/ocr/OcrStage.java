package io.sluice.flink.ocr;

/** The stages of the OCR pipelines in the order in which a request passes them. */
public enum OcrStage {
  DECODE_REQUEST("decode-request"),
  DECODE_IMAGE("decode-image"),
  PREPARE_DETECTION("prepare-detection"),
  DETECT("detect"),
  FIND_LINES("find-lines"),
  PREPARE_ORIENTATION("prepare-orientation"),
  ORIENT("orient"),
  TURN_LINE("turn-line"),
  PREPARE_RECOGNITION("prepare-recognition"),
  RECOGNIZE("recognize"),
  READ_TEXT("read-text"),
  JOIN_PAGE("join-page");

  private final String id;

  OcrStage(String id) {
    this.id = id;
  }

  /** The name that is measured, told and configured, e.g. {@code decode-image}. */
  public String id() {
    return id;
  }
}
