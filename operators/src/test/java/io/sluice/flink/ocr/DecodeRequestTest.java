package io.sluice.flink.ocr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.flink.Packet;
import io.sluice.flink.request.DecodeRequest;
import io.sluice.schemas.InferenceRequest;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DecodeRequestTest {
  private static final ByteBuffer IMAGE = ByteBuffer.wrap(new byte[] {7, 8});

  private final DecodeRequest kernel =
      new DecodeRequest(
          OcrStage.DECODE_REQUEST.id(),
          Pipelines.NAMES,
          DecodeRequest.DEFAULT_MAX_RECORD_BYTES,
          List.of());

  @BeforeEach
  void open() {
    kernel.open();
  }

  @Test
  void aRequestBecomesItsImageAndItsOrigin() {
    Packet packet =
        decode(
            Requests.of("r-1", "ocr-page")
                .setImage(IMAGE.duplicate())
                .setCreatedAtMillis(12)
                .setAttributes(Map.of("k", "v")));

    assertThat(packet.tensors()).containsOnlyKeys(Fields.ENCODED);
    assertThat(packet.tensor(Fields.ENCODED).array()).containsExactly(7, 8);
    assertThat(packet.origin().requestId()).isEqualTo("r-1");
    assertThat(packet.origin().position()).isEqualTo("in-2-3");
    assertThat(packet.origin().createdAtMillis()).isEqualTo(12);
    assertThat(packet.origin().attributes()).containsExactly(Map.entry("k", "v"));
  }

  @Test
  void aReferenceIsKeptAsText() {
    Packet packet = decode(Requests.of("r", "ocr-line").setImageUri("file:///a.png"));

    assertThat(packet.texts()).containsExactly(Map.entry(Fields.IMAGE_URI, "file:///a.png"));
  }

  @Test
  void aRequestThatAsksForTheImpossibleFailsUnderItsOwnId() {
    refuses(Requests.of("r", "ocr-page"), "no image");
    refuses(
        Requests.of("r", "ocr-page").setImage(IMAGE.duplicate()).setImageUri("file:///a.png"),
        "both an image and an imageUri");
    refuses(Requests.of("r", "translate").setImage(IMAGE.duplicate()), "unknown pipeline");
    refuses(Requests.of("r", "ocr-page").setImageUri("f".repeat(2049)), "too long");
    Map<String, String> many = new HashMap<>();
    for (int i = 0; i < 65; i++) {
      many.put("k" + i, "v");
    }
    refuses(
        Requests.of("r", "ocr-page").setImage(IMAGE.duplicate()).setAttributes(many),
        "65 attributes");
    refuses(
        Requests.of("r", "ocr-page")
            .setImage(IMAGE.duplicate())
            .setAttributes(Map.of("k", "v".repeat(20_000))),
        "1 attributes of 20001 characters");
  }

  @Test
  void anIdThatIsEmptyOrEndlessIsRefused() {
    assertThat(decode(Requests.of("", "ocr-page").setImage(IMAGE.duplicate())).origin().requestId())
        .isEqualTo("in-2-3");
    Packet endless = decode(Requests.of("x".repeat(257), "ocr-page").setImage(IMAGE.duplicate()));
    assertThat(endless.failed()).isTrue();
    assertThat(endless.origin().requestId()).hasSize(256);
  }

  @Test
  void aRecordWithoutAValueOrTooLongIsRefused() {
    assertThatThrownBy(() -> kernel.apply(Packet.ofRecord("in", 0, 0, null)))
        .isInstanceOfSatisfying(
            SluiceException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.SLUICE_RECORD_CORRUPT));
    byte[] tooLong = new byte[OcrConfig.DEFAULT_MAX_RECORD_BYTES + 1];
    assertThatThrownBy(() -> kernel.apply(Packet.ofRecord("in", 0, 0, tooLong)))
        .isInstanceOfSatisfying(
            SluiceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SLUICE_LIMIT));
  }

  private void refuses(InferenceRequest.Builder request, String thing) {
    Packet packet = decode(request);
    assertThat(packet.origin().requestId()).isEqualTo("r");
    assertThat(packet.failure().orElseThrow().code()).isEqualTo("SLUICE_REQUEST_INVALID");
    assertThat(packet.failure().orElseThrow().thing()).contains(thing);
    assertThat(packet.tensors()).containsOnlyKeys(Packet.RECORD);
  }

  private Packet decode(InferenceRequest.Builder request) {
    List<Packet> packets = kernel.apply(Packet.ofRecord("in", 2, 3, Requests.bytes(request)));
    assertThat(packets).hasSize(1);
    return packets.get(0);
  }
}
