package io.sluice.flink.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.dispatch.Arrival;
import io.sluice.dispatch.Ending;
import io.sluice.dispatch.Outcome;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DispatchSerializersTest {
  @ParameterizedTest
  @EnumSource
  void anOutcomeIsReadAsItWasWritten(Ending ending) throws IOException {
    Outcome outcome = new Outcome(1L << 40, 2, 3, ending, 4, 5, 6, 7, 8, 9, Long.MAX_VALUE);
    DataOutputSerializer out = new DataOutputSerializer(80);
    OutcomeSerializer.INSTANCE.serialize(outcome, out);
    assertThat(out.length()).isEqualTo(69);
    assertThat(
            OutcomeSerializer.INSTANCE.deserialize(
                new DataInputDeserializer(out.getCopyOfBuffer())))
        .isEqualTo(outcome);
  }

  @Test
  void anUnknownEndingIsRefused() throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(80);
    OutcomeSerializer.INSTANCE.serialize(OutcomeSerializer.INSTANCE.createInstance(), out);
    byte[] bytes = out.getCopyOfBuffer();
    bytes[16] = 77;
    assertThatThrownBy(
            () -> OutcomeSerializer.INSTANCE.deserialize(new DataInputDeserializer(bytes)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("77");
  }

  @Test
  void anArrivalIsReadAsItWasWritten() throws IOException {
    Arrival arrival = new Arrival(1L << 40, 2, 3, Long.MAX_VALUE);
    DataOutputSerializer out = new DataOutputSerializer(24);
    ArrivalSerializer.INSTANCE.serialize(arrival, out);
    assertThat(out.length()).isEqualTo(24);
    assertThat(
            ArrivalSerializer.INSTANCE.deserialize(
                new DataInputDeserializer(out.getCopyOfBuffer())))
        .isEqualTo(arrival);
  }
}
