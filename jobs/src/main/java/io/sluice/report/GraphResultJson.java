package io.sluice.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.flink.wire.Wire;
import io.sluice.schemas.DeadLetter;
import io.sluice.schemas.GraphResult;
import io.sluice.schemas.NamedTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.TreeMap;

/** Answers of graphs as lines of JSON. */
public final class GraphResultJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private GraphResultJson() {}

  /**
   * The line of an answer: a GraphResult, or an InferenceResult of a graph that makes these.
   *
   * @param id of the request, for errors
   */
  public static String of(String id, byte[] record) {
    try {
      return of(Wire.graphResults().decode(record, id));
    } catch (SluiceException e) {
      if (e.code() != ErrorCode.SLUICE_RECORD_SCHEMA) {
        throw e;
      }
      return ResultJson.of(Wire.results().decode(record, id));
    }
  }

  private static String of(GraphResult result) {
    ObjectNode json = JSON.createObjectNode();
    json.put("requestId", result.getRequestId());
    json.put("graph", result.getGraph());
    ArrayNode outputs = json.putArray("outputs");
    for (NamedTensor tensor : result.getOutputs()) {
      ObjectNode output = outputs.addObject();
      output.put("name", tensor.getName());
      output.put("type", tensor.getType());
      tensor.getShape().forEach(output.putArray("shape")::add);
      values(tensor, output.putArray("values"));
    }
    ObjectNode params = json.putObject("params");
    new TreeMap<>(result.getParams()).forEach(params::put);
    json.put("modelledDpuNs", result.getModelledDpuNs());
    json.put("modelledFinishNs", result.getModelledFinishNs());
    return json.toString();
  }

  private static void values(NamedTensor tensor, ArrayNode values) {
    ByteBuffer data = tensor.getData().duplicate().order(ByteOrder.LITTLE_ENDIAN);
    while (data.hasRemaining()) {
      switch (tensor.getType()) {
        case "FLOAT32" -> values.add(data.getFloat());
        case "INT32" -> values.add(data.getInt());
        case "INT64" -> values.add(data.getLong());
        case "UINT8" -> values.add(Byte.toUnsignedInt(data.get()));
        default -> values.add(data.get());
      }
    }
  }

  /** The line of a dead letter. */
  public static String of(DeadLetter letter) {
    ObjectNode json = JSON.createObjectNode();
    json.put("requestId", letter.getRequestId());
    json.put("node", letter.getStage());
    json.put("kernel", letter.getKernel());
    json.put("code", letter.getCode());
    json.put("thing", letter.getThing());
    json.put("place", letter.getPlace());
    json.put("remedy", letter.getRemedy());
    return json.toString();
  }
}
