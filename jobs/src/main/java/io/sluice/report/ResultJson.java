package io.sluice.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.schemas.InferenceResult;
import io.sluice.schemas.TextLine;
import java.util.TreeMap;

/** A result as one line of JSON, the fields as in the schema, the attributes sorted. */
public final class ResultJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ResultJson() {}

  /** One line, without its end. */
  public static String of(InferenceResult result) {
    ObjectNode json = JSON.createObjectNode();
    json.put("requestId", result.getRequestId());
    json.put("pipeline", result.getPipeline());
    json.put("text", result.getText());
    json.put("widthPixels", result.getWidthPixels());
    json.put("heightPixels", result.getHeightPixels());
    ArrayNode lines = json.putArray("lines");
    for (TextLine line : result.getLines()) {
      ObjectNode item = lines.addObject();
      item.put("text", line.getText());
      item.put("confidence", line.getConfidence());
      item.put("detectionScore", line.getDetectionScore());
      item.put("upsideDown", line.getUpsideDown());
      ArrayNode corners = item.putArray("corners");
      line.getCorners().forEach(corners::add);
    }
    json.put("createdAtMillis", result.getCreatedAtMillis());
    ObjectNode attributes = json.putObject("attributes");
    new TreeMap<>(result.getAttributes()).forEach(attributes::put);
    json.put("modelledDpuNs", result.getModelledDpuNs());
    json.put("modelledFinishNs", result.getModelledFinishNs());
    return json.toString();
  }
}
