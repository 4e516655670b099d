package io.sluice.flink.ocr;

import io.sluice.vart.ModelRef;
import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The networks of the OCR pipelines, one model for each fixed width of the input, and the alphabet
 * of the recognition network.
 *
 * @param detection by the side of the square input in pixels
 * @param orientation by the width of the input
 * @param recognition by the width of the input
 * @param alphabet what the classes of the recognition network stand for, the blank first
 */
public record OcrModels(
    Map<Integer, ModelRef> detection,
    Map<Integer, ModelRef> orientation,
    Map<Integer, ModelRef> recognition,
    List<String> alphabet)
    implements Serializable {

  public OcrModels {
    detection = Collections.unmodifiableMap(new TreeMap<>(detection));
    orientation = Collections.unmodifiableMap(new TreeMap<>(orientation));
    recognition = Collections.unmodifiableMap(new TreeMap<>(recognition));
    alphabet = List.copyOf(alphabet);
  }
}
