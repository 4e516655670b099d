package io.sluice.flink;

import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.Map;

/** Packets of every kind, for tests. */
final class Packets {
  private Packets() {}

  static Packet record() {
    return Packet.ofRecord("requests", 3, 1L << 40, new byte[] {1, 2, 3});
  }

  static Packet tombstone() {
    return Packet.ofRecord("requests", 0, 7, null);
  }

  static Packet line() {
    return Packet.of(
            new Origin(
                "requests", 1, 2, "page-01", "ocr-page", 99, Map.of("b", "ä", "a", "\uD83D\uDE00")))
        .asPart(2, 5)
        .with(
            "crop",
            TensorData.wrap(DataType.UINT8, Shape.of(2, 1, 3), new byte[] {0, 1, 2, 3, 4, -1}))
        .with("box", TensorData.ofFloats(Shape.of(3), 1.5f, Float.NaN, -0f))
        .with("scalar", TensorData.ofInts(Shape.of(), 5))
        .with("nothing", TensorData.ofFloats(Shape.of(1, 0, 3)))
        .withText("text", "Zeile \u0000 zwei");
  }

  static Packet failed() {
    return line().failed(new Failure("detect", "SLUICE_STAGE_FAILED", "thing", "place", "remedy"));
  }
}
