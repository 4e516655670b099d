package io.sluice.ort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class TensorBufferTest {
  private static final Tensor FLOATS = new Tensor("f", DataType.FLOAT32, Shape.of(1, 3));

  @Test
  void theCallersMemoryIsTheTensors() {
    ByteBuffer memory = ByteBuffer.allocateDirect(20).position(4).limit(16);
    TensorBuffer buffer = TensorBuffer.over(FLOATS, memory);
    TensorData values = TensorData.ofFloats(FLOATS.shape(), 1, -2, 3.5f);
    buffer.set(values);
    byte[] seen = new byte[12];
    memory.get(4, seen);
    assertThat(seen).isEqualTo(values.array());
    memory.put(7, (byte) 0xbf);
    assertThat(buffer.get().getFloat(0)).isEqualTo(-1);
    assertThat(buffer.bytes().getFloat(8)).isEqualTo(3.5f);
    assertThat(memory.position()).isEqualTo(4);
  }

  @Test
  void memoryThatAnotherLanguageCannotWriteIsRefused() {
    assertThatThrownBy(() -> TensorBuffer.over(FLOATS, ByteBuffer.allocate(12)))
        .hasMessageStartingWith("VART_TENSOR_INFO_ERROR")
        .hasMessageContaining("tensor 'f' FLOAT32 [1, 3]")
        .hasMessageContaining("12 bytes");
    ByteBuffer readOnly = ByteBuffer.allocateDirect(12).asReadOnlyBuffer();
    assertThatThrownBy(() -> TensorBuffer.over(FLOATS, readOnly))
        .hasMessageStartingWith("VART_TENSOR_INFO_ERROR");
    ByteBuffer odd = ByteBuffer.allocateDirect(16).position(1).limit(13);
    assertThatThrownBy(() -> TensorBuffer.over(FLOATS, odd))
        .hasMessageStartingWith("VART_TENSOR_INFO_ERROR: memory that is not aligned to 4 bytes");
  }

  @Test
  void memoryOfAnotherSizeIsRefused() {
    assertThatThrownBy(() -> TensorBuffer.over(FLOATS, ByteBuffer.allocateDirect(13)))
        .hasMessageStartingWith("VART_SIZE_MISMATCH: 13 bytes, not 12");
    TensorData values = TensorData.ofFloats(Shape.of(2), 1, 2);
    assertThatThrownBy(() -> TensorBuffer.allocate(FLOATS).set(values))
        .hasMessageStartingWith("VART_SIZE_MISMATCH: FLOAT32 [2]");
  }

  @Test
  void whoeverAsksForATensorGetsTheSameMemory() {
    TensorBuffer given = TensorBuffer.allocate(FLOATS);
    TensorBuffers memory = new TensorBuffers(List.of(given));
    assertThat(memory.of(FLOATS)).isSameAs(given);
    Tensor other = new Tensor("g", DataType.XINT8, Shape.of(5));
    assertThat(memory.of(other)).isSameAs(memory.of(other)).isNotSameAs(given);
  }
}
