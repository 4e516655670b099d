package io.sluice.flink.dpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.flink.Clock;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DpuSettingsTest {
  private static final DpuSettings SETTINGS = DpuSettings.of(Clock.VIRTUAL, Work.EXACT);

  static Stream<ThrowingCallable> senseless() {
    return Stream.of(
        () -> new BatchingSettings(-1, List.of(), Duration.ZERO),
        () -> new BatchingSettings(1 << 20, List.of(), Duration.ZERO),
        () -> new BatchingSettings(4, List.of(5), Duration.ZERO),
        () -> new BatchingSettings(4, List.of(0), Duration.ZERO),
        () -> BatchingSettings.delayed(Duration.ofNanos(-1)),
        () -> BatchingSettings.delayed(Duration.ofDays(1)),
        () -> new LevelSettings(-1, Duration.ofMillis(1), LevelSettings.Action.REJECT),
        () -> new LevelSettings(1, Duration.ZERO, LevelSettings.Action.REJECT),
        () -> new LevelSettings(1, Duration.ofDays(400), LevelSettings.Action.REJECT),
        () -> QueueSettings.of(),
        () -> QueueSettings.STANDARD.withMaxBytes(0),
        () -> new RetrySettings(-1, 0),
        () -> new RetrySettings(0, 5000),
        () -> SETTINGS.withBounds(Duration.ofMillis(-1), 1),
        () -> SETTINGS.withBounds(Duration.ofMillis(1), 0),
        () -> SETTINGS.withUnitsPerSlot(0),
        () ->
            SETTINGS
                .with(UnitChoice.EARLIEST_DEADLINE)
                .with(QueueSettings.STANDARD.with(QueueSettings.Discipline.FIFO)));
  }

  @ParameterizedTest
  @MethodSource("senseless")
  void whatMakesNoSenseIsRefusedOnceWhenItIsSet(ThrowingCallable setting) {
    assertThatThrownBy(setting)
        .isInstanceOfSatisfying(
            SluiceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SLUICE_USAGE));
  }

  @Test
  void eachSettingCanBeChangedAloneAndTravels() throws Exception {
    DpuSettings changed =
        SETTINGS
            .with(BatchingSettings.OFF)
            .with(QueueSettings.of(LevelSettings.STANDARD, LevelSettings.STANDARD))
            .with(new RetrySettings(1, 2))
            .withOrdered(true)
            .withWarmUp(true)
            .withCancelSiblings(true)
            .withUnitsPerSlot(4)
            .with(UnitChoice.LEAST_LOADED)
            .withBounds(Duration.ofSeconds(1), 99);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(changed);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(in.readObject()).isEqualTo(changed);
    }
    assertThat(changed.batching().maximum()).isEqualTo(1);
    assertThat(changed.queues().usual()).isEqualTo(2);
    assertThat(changed.retries()).isEqualTo(new RetrySettings(1, 2));
    assertThat(changed.ordered() && changed.warmUp() && changed.cancelSiblings()).isTrue();
    assertThat(changed.unitsPerSlot()).isEqualTo(4);
    assertThat(changed.unitChoice()).isEqualTo(UnitChoice.LEAST_LOADED);
    assertThat(changed.maxInFlightBytes()).isEqualTo(99);
  }
}
