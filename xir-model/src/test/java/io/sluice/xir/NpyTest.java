package io.sluice.xir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.error.SluiceException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpyTest {
  private static final long LIMIT = 1 << 20;

  private static TensorData read(byte[] bytes) {
    return Npy.read(new ByteArrayInputStream(bytes), "test", LIMIT);
  }

  private static byte[] file(String header, byte... values) {
    byte[] text = header.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer b = ByteBuffer.allocate(10 + text.length + values.length);
    b.order(ByteOrder.LITTLE_ENDIAN);
    b.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    b.putShort((short) text.length).put(text).put(values);
    return b.array();
  }

  @Test
  void whatIsWrittenReadsEqualForEveryTypeAndRank() {
    for (TensorData t :
        new TensorData[] {
          TensorData.ofFloats(Shape.of(2, 3), 1, -2, 3.5f, 0, Float.MIN_VALUE, 9),
          TensorData.ofInts(Shape.of(3), 1, -2, 3),
          TensorData.ofLongs(Shape.of(1, 1, 2), 1L << 40, -1),
          TensorData.wrap(DataType.INT8, Shape.of(2), new byte[] {-128, 127}),
          TensorData.wrap(DataType.UINT8, Shape.of(), new byte[] {(byte) 200})
        }) {
      byte[] bytes = Npy.toBytes(t);
      assertThat(read(bytes)).isEqualTo(t);
      assertThat((bytes.length - t.array().length) % 64).isZero();
    }
  }

  @Test
  void theHeaderIsTheOneThatNumPyWrites() {
    byte[] bytes = Npy.toBytes(TensorData.ofInts(Shape.of(1), 7));
    String header = new String(bytes, 10, bytes.length - 14, StandardCharsets.US_ASCII);
    assertThat(header).startsWith("{'descr': '<i4', 'fortran_order': False, 'shape': (1,), } ");
    assertThat(header).endsWith("\n");
  }

  @Test
  void doublesAreReadAsFloats() {
    byte[] value = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(0.1).array();
    TensorData t = read(file("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }\n", value));
    assertThat(t.toFloats()).containsExactly(0.1f);
  }

  @Test
  void whatCannotBeReadIsRefusedWithItsPlace() {
    String start = "{'descr': '<f4', 'fortran_order': ";
    for (byte[] bad :
        new byte[][] {
          {1, 2, 3},
          file(start + "True, 'shape': (1,), }", new byte[4]),
          file(start + "False, 'shape': (2,), }", new byte[4]),
          file(start + "False, 'shape': (99999999999,), }"),
          file(start + "False, }"),
          file("{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }", new byte[4]),
          file("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", new byte[8]),
        }) {
      assertThatThrownBy(() -> read(bad))
          .isInstanceOf(SluiceException.class)
          .hasMessageContaining("at test;");
    }
  }

  @Test
  void aHeaderThatClaimsMoreThanIsAllowedIsRefusedBeforeMemoryIsTaken() {
    String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (500000000,), }";
    assertThatThrownBy(() -> read(file(header)))
        .isInstanceOf(SluiceException.class)
        .hasMessageStartingWith("SLUICE_LIMIT");
  }

  @Test
  void anArchiveGivesItsArraysByName(@TempDir Path dir) throws IOException {
    Path file = dir.resolve("a.npz");
    TensorData x = TensorData.ofFloats(Shape.of(2), 1, 2);
    TensorData y = TensorData.ofLongs(Shape.of(1), 3);
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, TensorData> e : Map.of("x", x, "y", y).entrySet()) {
        zip.putNextEntry(new ZipEntry(e.getKey() + ".npy"));
        zip.write(Npy.toBytes(e.getValue()));
        zip.closeEntry();
      }
    }
    assertThat(Npy.read(file, "unused", LIMIT)).isEqualTo(Map.of("x", x, "y", y));
    Path single = Files.write(dir.resolve("a.npy"), Npy.toBytes(x));
    assertThat(Npy.read(single, "in", LIMIT)).isEqualTo(Map.of("in", x));
    byte[] cut = Arrays.copyOf(Npy.toBytes(x), 130);
    Path early = Files.write(dir.resolve("b.npy"), cut);
    assertThatThrownBy(() -> Npy.read(early, "in", LIMIT)).hasMessageContaining("b.npy");
  }
}
