package io.sluice.aks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.flink.Clock;
import io.sluice.flink.dpu.BatchingSettings;
import io.sluice.flink.dpu.DpuSettings;
import io.sluice.flink.dpu.LevelSettings;
import io.sluice.flink.dpu.QueueSettings;
import io.sluice.flink.dpu.RetrySettings;
import io.sluice.flink.dpu.UnitChoice;
import io.sluice.flink.dpu.Work;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a graph may say of a DPU node is what {@link DpuSettings} has, and nothing else. */
class DpuOptionsTest {
  private static final DpuSettings JOB = DpuSettings.of(Clock.PACED, Work.EXACT);

  private static DpuOptions read(String json) {
    return DpuOptions.read(JsonAt.parse(json.getBytes(StandardCharsets.UTF_8), "file 'g.json'"));
  }

  @Test
  void aNodeMaySayEverySetting() {
    DpuSettings settings =
        read("""
            {"max_batch": 8, "preferred": [4, 8], "max_delay_us": 1500,
             "priorities": [
               {"max_queued": 100, "timeout_ms": 20},
               {"action": "defer"},
               {}],
             "priority": 2, "discipline": "fifo", "max_bytes": 1048576,
             "ordered": true, "retries": {"lost": 3, "failed": 1},
             "warm_up": false, "cancel_siblings": true, "units_per_slot": 2,
             "policy": "round_robin",
             "max_unit_wait_ms": 500, "max_in_flight_bytes": 2097152}""")
            .over(JOB);

    assertThat(settings)
        .isEqualTo(
            new DpuSettings(
                Clock.PACED,
                Work.EXACT,
                Duration.ofMillis(500),
                2 << 20,
                new BatchingSettings(8, List.of(4, 8), Duration.ofNanos(1_500_000)),
                new QueueSettings(
                    QueueSettings.Discipline.FIFO,
                    List.of(
                        new LevelSettings(100, Duration.ofMillis(20), LevelSettings.Action.REJECT),
                        new LevelSettings(
                            Integer.MAX_VALUE,
                            LevelSettings.NO_TIMEOUT,
                            LevelSettings.Action.DEFER),
                        LevelSettings.STANDARD),
                    2,
                    1 << 20),
                new RetrySettings(3, 1),
                true,
                false,
                true,
                2,
                UnitChoice.ROUND_ROBIN));
  }

  @Test
  void whatItDoesNotSayIsAsTheJobHasIt() {
    DpuSettings job = JOB.withOrdered(true).with(new RetrySettings(1, 2)).withUnitsPerSlot(3);
    assertThat(read("{}").over(job)).isEqualTo(job);
    assertThat(read("{\"retries\": {\"lost\": 5}}").over(job))
        .isEqualTo(job.with(new RetrySettings(5, 2)));
  }

  @Test
  void ofSeveralPrioritiesTheLeastUrgentIsTheUsual() {
    QueueSettings queues = read("{\"priorities\": 3}").over(JOB).queues();
    assertThat(queues.levels()).hasSize(3).containsOnly(LevelSettings.STANDARD);
    assertThat(queues.usual()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"batch\": 1}                                 | UNKNOWN | $",
        "{\"max_batch\": 0}                             | VALUE   | $.max_batch",
        "{\"max_batch\": 4097}                          | VALUE   | $.max_batch",
        "{\"max_batch\": 1.5}                           | TYPE    | $.max_batch",
        "{\"preferred\": 4}                             | TYPE    | $.preferred",
        "{\"preferred\": [0]}                           | VALUE   | $.preferred[0]",
        "{\"max_batch\": 2, \"preferred\": [3]}         | VALUE   | $",
        "{\"max_delay_us\": -1}                         | VALUE   | $.max_delay_us",
        "{\"max_delay_us\": 3600000001}                 | VALUE   | $.max_delay_us",
        "{\"priorities\": 0}                            | VALUE   | $.priorities",
        "{\"priorities\": 65}                           | VALUE   | $.priorities",
        "{\"priorities\": []}                           | VALUE   | $",
        "{\"priorities\": [1]}                          | TYPE    | $.priorities[0]",
        "{\"priorities\": [{\"limit\": 1}]}             | UNKNOWN | $.priorities[0]",
        "{\"priorities\": [{\"max_queued\": -1}]}       | VALUE   | $.priorities[0].max_queued",
        "{\"priorities\": [{\"timeout_ms\": 0}]}        | VALUE   | $.priorities[0].timeout_ms",
        "{\"priorities\": [{\"action\": \"drop\"}]}     | VALUE   | $.priorities[0].action",
        "{\"priorities\": [{\"action\": 1}]}            | TYPE    | $.priorities[0].action",
        "{\"priorities\": 2, \"priority\": 3}           | VALUE   | $.priority",
        "{\"priority\": 2}                              | VALUE   | $.priority",
        "{\"discipline\": \"lifo\"}                     | VALUE   | $.discipline",
        "{\"max_bytes\": 0}                             | VALUE   | $.max_bytes",
        "{\"ordered\": \"yes\"}                         | TYPE    | $.ordered",
        "{\"retries\": 3}                               | TYPE    | $.retries",
        "{\"retries\": {\"lost\": 1001}}                | VALUE   | $.retries.lost",
        "{\"retries\": {\"failed\": -1}}                | VALUE   | $.retries.failed",
        "{\"retries\": {\"lose\": 1}}                   | UNKNOWN | $.retries",
        "{\"warm_up\": 1}                               | TYPE    | $.warm_up",
        "{\"cancel_siblings\": \"true\"}                | TYPE    | $.cancel_siblings",
        "{\"units_per_slot\": 0}                        | VALUE   | $.units_per_slot",
        "{\"policy\": \"round-robin\"}                 | VALUE   | $.policy",
        "{\"policy\": \"batch_affinity\"}              | VALUE   | $.policy",
        "{\"policy\": 1}                                | TYPE    | $.policy",
        "{\"policy\": \"earliest_deadline\", \"discipline\": \"fifo\"} | VALUE | $",
        "{\"max_unit_wait_ms\": -1}                     | VALUE   | $.max_unit_wait_ms",
        "{\"max_in_flight_bytes\": 0}                   | VALUE   | $.max_in_flight_bytes",
        "{\"max_in_flight_bytes\": 1099511627777}       | VALUE   | $.max_in_flight_bytes",
      })
  void aWrongSettingIsToldWithItsPlace(String json, String kind, String path) {
    SluiceException e = catchThrowableOfType(SluiceException.class, () -> read(json));
    assertThat(e.code()).isEqualTo(ErrorCode.valueOf("SLUICE_GRAPH_FIELD_" + kind));
    assertThat(e.place()).isEqualTo("file 'g.json', " + path);
    assertThat(e.thing()).isNotBlank();
    assertThat(e.remedy()).isNotBlank();
  }
}
