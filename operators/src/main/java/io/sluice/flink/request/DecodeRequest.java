package io.sluice.flink.request;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.flink.Failure;
import io.sluice.flink.Origin;
import io.sluice.flink.Packet;
import io.sluice.flink.PacketKernel;
import io.sluice.flink.wire.Wire;
import io.sluice.schemas.InferenceRequest;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

/** A record's bytes to a request that can be worked on: its image's bytes, or their place. */
public final class DecodeRequest implements PacketKernel {
  /** UINT8 [n]: the encoded image of a request that brings it. */
  public static final String ENCODED = "encoded";

  /** Text: where the encoded image lies, of a request that names it. */
  public static final String IMAGE_URI = "imageUri";

  /** A record may be this long when nothing else is said: 20 MiB. */
  public static final int DEFAULT_MAX_RECORD_BYTES = 20 << 20;

  private static final long serialVersionUID = 1L;
  private static final int MAX_ID_CHARS = 256;
  private static final int MAX_URI_CHARS = 2048;
  private static final int MAX_ATTRIBUTES = 64;
  private static final int MAX_ATTRIBUTE_CHARS = 16 << 10;

  private final String stage;
  private final List<String> pipelines;
  private final int maxRecordBytes;
  private final List<String> requestSchemas;
  private transient Wire<InferenceRequest> wire;

  /**
   * @param stage the name under which a request that makes no sense is told
   * @param pipelines what a request may ask for
   * @param maxRecordBytes longest record that is decoded
   * @param requestSchemas Avro schemas, as JSON, of other versions of the request
   */
  public DecodeRequest(
      String stage, List<String> pipelines, int maxRecordBytes, List<String> requestSchemas) {
    this.stage = stage;
    this.pipelines = List.copyOf(pipelines);
    this.maxRecordBytes = maxRecordBytes;
    this.requestSchemas = List.copyOf(requestSchemas);
  }

  @Override
  public void open() {
    wire =
        Wire.requests(
            requestSchemas.stream().map(json -> new Schema.Parser().parse(json)).toList());
  }

  @Override
  public boolean takes(Packet packet) {
    return packet.isWhole();
  }

  @Override
  public List<Packet> apply(Packet packet) {
    String place = "record " + packet.origin().position();
    InferenceRequest request = wire.decode(bytes(packet, place), place);
    Origin record = packet.origin();
    try {
      check(request);
    } catch (SluiceException e) {
      Origin named =
          originOf(
              record, shortened(request.getId()), shortened(request.getPipeline()), 0, Map.of());
      return List.of(packet.withOrigin(named).failed(Failure.of(stage, e)));
    }
    Packet known =
        packet
            .without(Packet.RECORD)
            .withOrigin(
                originOf(
                    record,
                    request.getId(),
                    request.getPipeline(),
                    request.getCreatedAtMillis(),
                    request.getAttributes()));
    return List.of(
        request
            .getImage()
            .map(image -> known.with(ENCODED, tensor(image)))
            .orElseGet(() -> known.withText(IMAGE_URI, request.getImageUri().orElseThrow())));
  }

  private byte[] bytes(Packet packet, String place) {
    if (!packet.has(Packet.RECORD)) {
      throw new SluiceException(
          ErrorCode.SLUICE_RECORD_CORRUPT, "a record without a value", place, "send a request");
    }
    byte[] bytes = packet.tensor(Packet.RECORD).array();
    if (bytes.length > maxRecordBytes) {
      throw new SluiceException(
          ErrorCode.SLUICE_LIMIT,
          bytes.length + " bytes, at most " + maxRecordBytes + " are taken",
          place,
          "send a smaller image, or its URI");
    }
    return bytes;
  }

  private void check(InferenceRequest request) {
    String id = request.getId();
    if (id.isEmpty() || id.length() > MAX_ID_CHARS) {
      throw invalid("an id of " + id.length() + " characters", "id", "give 1 to " + MAX_ID_CHARS);
    }
    if (!pipelines.contains(request.getPipeline())) {
      throw invalid(
          "unknown pipeline '" + shortened(request.getPipeline()) + "'",
          "pipeline",
          "ask for one of " + pipelines);
    }
    if (request.getImage().isPresent() == request.getImageUri().isPresent()) {
      throw invalid(
          request.getImage().isPresent() ? "both an image and an imageUri" : "no image",
          "image, imageUri",
          "give one of them");
    }
    if (request.getImageUri().map(String::length).orElse(0) > MAX_URI_CHARS) {
      throw invalid("a URI that is too long", "imageUri", "give at most " + MAX_URI_CHARS);
    }
    Map<String, String> attributes = request.getAttributes();
    long chars =
        attributes.entrySet().stream()
            .mapToLong(entry -> (long) entry.getKey().length() + entry.getValue().length())
            .sum();
    if (attributes.size() > MAX_ATTRIBUTES || chars > MAX_ATTRIBUTE_CHARS) {
      throw invalid(
          attributes.size() + " attributes of " + chars + " characters",
          "attributes",
          "give at most " + MAX_ATTRIBUTES + " of " + MAX_ATTRIBUTE_CHARS + " characters");
    }
  }

  private static SluiceException invalid(String thing, String field, String remedy) {
    return new SluiceException(
        ErrorCode.SLUICE_REQUEST_INVALID, thing, "field " + field + " of the request", remedy);
  }

  private static Origin originOf(
      Origin record, String id, String pipeline, long createdAtMillis, Map<String, String> more) {
    return new Origin(
        record.topic(),
        record.partition(),
        record.offset(),
        id.isEmpty() ? record.position() : id,
        pipeline,
        createdAtMillis,
        more);
  }

  private static String shortened(String text) {
    return text.length() <= MAX_ID_CHARS ? text : text.substring(0, MAX_ID_CHARS);
  }

  private static TensorData tensor(ByteBuffer image) {
    ByteBuffer view = image.duplicate();
    byte[] bytes = new byte[view.remaining()];
    view.get(bytes);
    return TensorData.wrap(DataType.UINT8, Shape.of(bytes.length), bytes);
  }
}
