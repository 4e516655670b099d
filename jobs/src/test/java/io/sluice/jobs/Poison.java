package io.sluice.jobs;

import io.sluice.error.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;

/**
 * Records that cannot be answered, one of every kind.
 *
 * @param kind what is wrong
 * @param code the code of the dead letter that it becomes
 * @param value the record
 */
record Poison(String kind, ErrorCode code, byte[] value) {

  /**
   * @param suffix makes the ids unique
   * @param missing a URI below an image root at which nothing lies
   */
  static List<Poison> all(String suffix, String missing) throws IOException {
    byte[] png = Lines.image("poison", "png");
    byte[] jpeg = Lines.image("poison", "jpg");
    byte[] unknownSchema = Lines.line("x", png);
    unknownSchema[5] ^= 1;
    return List.of(
        new Poison("tombstone", ErrorCode.SLUICE_RECORD_CORRUPT, null),
        new Poison("empty value", ErrorCode.SLUICE_RECORD_CORRUPT, new byte[0]),
        new Poison(
            "no Avro",
            ErrorCode.SLUICE_RECORD_CORRUPT,
            "{\"id\": \"json\"}".getBytes(StandardCharsets.UTF_8)),
        new Poison(
            "truncated record",
            ErrorCode.SLUICE_RECORD_CORRUPT,
            Arrays.copyOf(Lines.line("x", png), 40)),
        new Poison("unknown schema", ErrorCode.SLUICE_RECORD_SCHEMA, unknownSchema),
        of(
            "no image",
            ErrorCode.SLUICE_REQUEST_INVALID,
            Lines.bytes(Lines.request("no-image" + suffix, "ocr-line"))),
        of(
            "unknown pipeline",
            ErrorCode.SLUICE_REQUEST_INVALID,
            Lines.bytes(
                Lines.request("pipeline" + suffix, "translate").setImage(ByteBuffer.wrap(png)))),
        of(
            "missing file",
            ErrorCode.SLUICE_IO,
            Lines.bytes(Lines.request("missing" + suffix, "ocr-line").setImageUri(missing))),
        of(
            "forbidden file",
            ErrorCode.SLUICE_REQUEST_INVALID,
            Lines.bytes(
                Lines.request("forbidden" + suffix, "ocr-page")
                    .setImageUri("file:///etc/hostname"))),
        image(
            "truncated PNG",
            suffix,
            ErrorCode.SLUICE_IMAGE_CORRUPT,
            Arrays.copyOf(png, png.length / 2)),
        image(
            "truncated JPEG",
            suffix,
            ErrorCode.SLUICE_IMAGE_CORRUPT,
            Arrays.copyOf(jpeg, jpeg.length / 2)),
        image("huge PNG", suffix, ErrorCode.SLUICE_IMAGE_TOO_LARGE, hugePng()),
        image(
            "GIF",
            suffix,
            ErrorCode.SLUICE_IMAGE_FORMAT,
            "GIF89a and so on".getBytes(StandardCharsets.US_ASCII)));
  }

  private static Poison of(String kind, ErrorCode code, byte[] value) {
    return new Poison(kind, code, value);
  }

  private static Poison image(String kind, String suffix, ErrorCode code, byte[] image) {
    return new Poison(kind, code, Lines.line(kind.replace(' ', '-') + suffix, image));
  }

  /** The header of 30000 x 30000 pixels and nothing behind it. */
  private static byte[] hugePng() throws IOException {
    ByteArrayOutputStream chunk = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(chunk);
    out.writeBytes("IHDR");
    out.writeInt(30_000);
    out.writeInt(30_000);
    out.write(new byte[] {8, 2, 0, 0, 0});
    CRC32 crc = new CRC32();
    crc.update(chunk.toByteArray());
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    DataOutputStream file = new DataOutputStream(png);
    file.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});
    file.writeInt(13);
    file.write(chunk.toByteArray());
    file.writeInt((int) crc.getValue());
    return png.toByteArray();
  }
}
