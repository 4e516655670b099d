package io.sluice.flink.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.schemas.InferenceRequest;
import io.sluice.schemas.InferenceResult;
import io.sluice.schemas.TextLine;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.junit.jupiter.api.Test;

class WireTest {
  private static final InferenceRequest REQUEST =
      InferenceRequest.newBuilder()
          .setId("r-1")
          .setPipeline("ocr-line")
          .setImage(ByteBuffer.wrap(new byte[] {1, 2, 3}))
          .setCreatedAtMillis(5)
          .setAttributes(Map.of("page", "7"))
          .build();

  /** The first published form: no attributes, no time. Kept here as it was. */
  private static final Schema OLDER =
      SchemaBuilder.record("InferenceRequest")
          .namespace("io.sluice.schemas")
          .fields()
          .requiredString("id")
          .name("pipeline")
          .type()
          .stringType()
          .stringDefault("ocr-page")
          .name("image")
          .type()
          .unionOf()
          .nullType()
          .and()
          .bytesType()
          .endUnion()
          .nullDefault()
          .endRecord();

  private final Wire<InferenceRequest> wire = Wire.requests(List.of());

  @Test
  void whatIsEncodedIsDecoded() {
    InferenceRequest read = wire.decode(wire.encode(REQUEST), "test");

    assertThat(read).isEqualTo(REQUEST);
    assertThat(read.getAttributes().get("page")).isEqualTo("7");
  }

  @Test
  void nestedRecordsAreDecodedToTheirClasses() {
    InferenceResult result =
        InferenceResult.newBuilder()
            .setRequestId("r")
            .setLines(
                List.of(TextLine.newBuilder().setText("a").setCorners(List.of(1f, 2f)).build()))
            .build();

    assertThat(Wire.results().decode(Wire.results().encode(result), "test")).isEqualTo(result);
  }

  @Test
  void bytesOfAnOlderSchemaAreReadWithDefaults() throws Exception {
    byte[] old =
        generic(
            OLDER,
            new GenericRecordBuilder(OLDER)
                .set("id", "old")
                .set("image", ByteBuffer.wrap(new byte[] {9}))
                .build());

    InferenceRequest read = Wire.requests(List.of(OLDER)).decode(old, "test");

    assertThat(read.getId()).isEqualTo("old");
    assertThat(read.getPipeline()).isEqualTo("ocr-page");
    assertThat(read.getImage()).contains(ByteBuffer.wrap(new byte[] {9}));
    assertThat(read.getImageUri()).isEmpty();
    assertThat(read.getCreatedAtMillis()).isZero();
    assertThat(read.getAttributes()).isEmpty();
  }

  @Test
  void bytesOfANewerSchemaAreReadWithoutWhatIsNew() throws Exception {
    Schema current = InferenceRequest.getClassSchema();
    List<Schema.Field> fields =
        new java.util.ArrayList<>(
            current.getFields().stream().map(f -> new Schema.Field(f, f.schema())).toList());
    fields.add(new Schema.Field("priority", Schema.create(Schema.Type.INT), "how urgent it is", 0));
    Schema newer =
        Schema.createRecord(current.getName(), null, current.getNamespace(), false, fields);
    GenericRecord record =
        new GenericRecordBuilder(newer)
            .set("id", "new")
            .set("imageUri", "file:///x.png")
            .set("priority", 3)
            .build();

    InferenceRequest read = Wire.requests(List.of(newer)).decode(generic(newer, record), "test");

    assertThat(read.getId()).isEqualTo("new");
    assertThat(read.getImageUri()).contains("file:///x.png");
  }

  @Test
  void anUnknownFingerprintIsToldApartFromGarbage() throws Exception {
    byte[] old = generic(OLDER, new GenericRecordBuilder(OLDER).set("id", "old").build());

    refuses(old, ErrorCode.SLUICE_RECORD_SCHEMA, "unknown schema with fingerprint");
    refuses(new byte[0], ErrorCode.SLUICE_RECORD_CORRUPT, "0 bytes");
    refuses(
        "{\"id\": \"json, not Avro\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8),
        ErrorCode.SLUICE_RECORD_CORRUPT,
        "do not begin with C3 01");
  }

  @Test
  void everyTruncationAndAnythingAppendedIsCorrupt() {
    byte[] good = wire.encode(REQUEST);

    for (int length = 0; length < good.length; length++) {
      refuses(Arrays.copyOf(good, length), ErrorCode.SLUICE_RECORD_CORRUPT, "");
    }
    refuses(
        Arrays.copyOf(good, good.length + 1), ErrorCode.SLUICE_RECORD_CORRUPT, "beyond the end");
  }

  @Test
  void lengthsBeyondTheRecordAreRefusedBeforeAnythingIsAllocated() {
    // id "a", pipeline "", then the image: present, with a length of 2^31 - 9 or 2^40.
    refuses(hostile("0261" + "00" + "02" + "eeffffff0f"), ErrorCode.SLUICE_RECORD_CORRUPT, "");
    refuses(hostile("0261" + "00" + "02" + "808080808040"), ErrorCode.SLUICE_RECORD_CORRUPT, "");
    // An id of 2^31 - 9 characters, and one of a negative length.
    refuses(hostile("eeffffff0f"), ErrorCode.SLUICE_RECORD_CORRUPT, "");
    refuses(hostile("01"), ErrorCode.SLUICE_RECORD_CORRUPT, "");
    // No image, no time, then 2^30 attributes of which one is there; and the same as a sized block.
    String front = "0261" + "00" + "00" + "00" + "00";
    refuses(hostile(front + "8080808008" + "0261" + "0262"), ErrorCode.SLUICE_RECORD_CORRUPT, "");
    refuses(
        hostile(front + "ffffffff07" + "08" + "0261" + "0262"),
        ErrorCode.SLUICE_RECORD_CORRUPT,
        "");
    // A branch of a union that does not exist.
    refuses(hostile("0261" + "00" + "04"), ErrorCode.SLUICE_RECORD_CORRUPT, "");
  }

  @Property(tries = 2000)
  void anyBytesBehindAGoodHeaderAreReadOrRefused(@ForAll byte[] tail) {
    try {
      assertThat(wire.decode(hostile(HexFormat.of().formatHex(tail)), "test")).isNotNull();
    } catch (SluiceException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.SLUICE_RECORD_CORRUPT);
    }
  }

  private byte[] hostile(String hex) {
    byte[] header = Arrays.copyOf(wire.encode(REQUEST), 10);
    byte[] body = HexFormat.of().parseHex(hex);
    byte[] bytes = Arrays.copyOf(header, header.length + body.length);
    System.arraycopy(body, 0, bytes, header.length, body.length);
    return bytes;
  }

  private void refuses(byte[] bytes, ErrorCode code, String thing) {
    assertThatThrownBy(() -> wire.decode(bytes, "record t-0-1"))
        .isInstanceOfSatisfying(
            SluiceException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.thing()).contains(thing);
              assertThat(e.place()).isEqualTo("record t-0-1");
            });
  }

  private static byte[] generic(Schema schema, GenericRecord record) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new BinaryMessageEncoder<GenericRecord>(GenericData.get(), schema).encode(record, out);
    return out.toByteArray();
  }
}
