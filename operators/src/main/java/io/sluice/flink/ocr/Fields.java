package io.sluice.flink.ocr;

import io.sluice.flink.request.DecodeRequest;

/** The names of tensors and texts in the packets of the OCR pipelines. */
final class Fields {
  /** UINT8 [n]: the encoded image. */
  static final String ENCODED = DecodeRequest.ENCODED;

  /** Text: where the encoded image lies. */
  static final String IMAGE_URI = DecodeRequest.IMAGE_URI;

  /** UINT8 [H, W, 3]: the page. */
  static final String IMAGE = "image";

  /** INT32 [2]: height and width of the image in pixels. */
  static final String IMAGE_SIZE = "imageSize";

  /** FLOAT32 [1]: network pixels per image pixel. */
  static final String SCALE = "scale";

  static final String DETECTION_INPUT = "detectionInput";
  static final String DETECTION_OUTPUT = "detectionOutput";

  /** UINT8 [h, w, 3]: a line cut out of its page. */
  static final String CROP = "crop";

  /** FLOAT32 [9]: eight coordinates of corners and the detector's score. */
  static final String BOX = "box";

  static final String ORIENTATION_INPUT = "orientationInput";
  static final String ORIENTATION_OUTPUT = "orientationOutput";

  /** UINT8 [1]: 1 when the line was turned by 180 degrees. */
  static final String UPSIDE_DOWN = "upsideDown";

  static final String RECOGNITION_INPUT = "recognitionInput";
  static final String RECOGNITION_OUTPUT = "recognitionOutput";

  /** Text: what a line says. */
  static final String TEXT = "text";

  /** FLOAT32 [1]: mean probability of the characters. */
  static final String CONFIDENCE = "confidence";

  private Fields() {}
}
