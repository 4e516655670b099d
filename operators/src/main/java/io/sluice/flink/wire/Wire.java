package io.sluice.flink.wire;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.schemas.DeadLetter;
import io.sluice.schemas.GraphResult;
import io.sluice.schemas.InferenceRequest;
import io.sluice.schemas.InferenceResult;
import io.sluice.schemas.ManagerReply;
import io.sluice.schemas.ManagerRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;

/**
 * Records as they lie in Kafka: Avro's single-object encoding, that is the bytes C3 01, the
 * CRC-64-AVRO fingerprint of the writer's schema in 8 bytes little-endian, and the binary record.
 * The fingerprint finds the schema that it was written with; the reader's own schema is always that
 * of this build, and Avro's rules of resolution lie between. Thread-safe.
 *
 * @param <T> the record
 */
public final class Wire<T extends SpecificRecord> {
  private static final int HEADER_BYTES = 10;
  private static final short MARKER = (short) 0xC301;

  private final Schema schema;
  private final SpecificData data;
  private final Map<Long, Schema> writers = new HashMap<>();
  private final BinaryMessageEncoder<T> encoder;

  private Wire(Schema schema, List<Schema> otherWriters) {
    this.schema = schema;
    this.data = new GeneratedRecords();
    this.encoder = new BinaryMessageEncoder<>(data, schema);
    writers.put(SchemaNormalization.parsingFingerprint64(schema), schema);
    for (Schema writer : otherWriters) {
      writers.put(SchemaNormalization.parsingFingerprint64(writer), writer);
    }
  }

  /**
   * Requests.
   *
   * @param otherWriters schemas of other versions that senders may write with
   */
  public static Wire<InferenceRequest> requests(List<Schema> otherWriters) {
    return new Wire<>(InferenceRequest.getClassSchema(), otherWriters);
  }

  /** Results. */
  public static Wire<InferenceResult> results() {
    return new Wire<>(InferenceResult.getClassSchema(), List.of());
  }

  /** Results of graphs. */
  public static Wire<GraphResult> graphResults() {
    return new Wire<>(GraphResult.getClassSchema(), List.of());
  }

  /** Dead letters. */
  public static Wire<DeadLetter> deadLetters() {
    return new Wire<>(DeadLetter.getClassSchema(), List.of());
  }

  /** What clients ask of a resource manager. */
  public static Wire<ManagerRequest> managerRequests() {
    return new Wire<>(ManagerRequest.getClassSchema(), List.of());
  }

  /** What they are told. */
  public static Wire<ManagerReply> managerReplies() {
    return new Wire<>(ManagerReply.getClassSchema(), List.of());
  }

  /** The bytes of a record. */
  public byte[] encode(T record) {
    try {
      ByteBuffer buffer = encoder.encode(record);
      byte[] bytes = new byte[buffer.remaining()];
      buffer.get(bytes);
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a record. Lengths in it are checked against the bytes that are there before anything is
   * allocated.
   *
   * @param place where the bytes come from, for the error
   * @throws SluiceException SLUICE_RECORD_SCHEMA if the writer's schema is unknown;
   *     SLUICE_RECORD_CORRUPT if the bytes are no record of it
   */
  public T decode(byte[] bytes, String place) {
    if (bytes.length < HEADER_BYTES || ByteBuffer.wrap(bytes).getShort() != MARKER) {
      throw corrupt(
          bytes.length + " bytes that do not begin with C3 01 and a fingerprint", place, null);
    }
    long fingerprint = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(2);
    Schema writer = writers.get(fingerprint);
    if (writer == null) {
      throw new SluiceException(
          ErrorCode.SLUICE_RECORD_SCHEMA,
          String.format("unknown schema with fingerprint %016x", fingerprint),
          place,
          "write with the schema of " + schema.getFullName() + ", or make yours known to the job");
    }
    BinaryDecoder decoder =
        DecoderFactory.get().binaryDecoder(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES, null);
    T record;
    boolean atEnd;
    try {
      record = new SpecificDatumReader<T>(writer, schema, data).read(null, decoder);
      atEnd = decoder.isEnd();
    } catch (IOException
        | AvroRuntimeException
        | UnsupportedOperationException
        | IndexOutOfBoundsException
        | NegativeArraySizeException e) {
      throw corrupt("bytes that are no " + schema.getName() + " (" + e + ")", place, e);
    }
    if (!atEnd) {
      throw corrupt("bytes beyond the end of the " + schema.getName(), place, null);
    }
    return record;
  }

  private static SluiceException corrupt(String thing, String place, Throwable cause) {
    return new SluiceException(
        ErrorCode.SLUICE_RECORD_CORRUPT,
        thing,
        place,
        "send Avro in single-object encoding",
        cause);
  }
}
