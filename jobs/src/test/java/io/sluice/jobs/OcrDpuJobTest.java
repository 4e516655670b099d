package io.sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.fleet.Fleet;
import io.sluice.fleet.FleetFile;
import io.sluice.flink.Clock;
import io.sluice.flink.RunnerSource;
import io.sluice.flink.dpu.DpuPlan;
import io.sluice.flink.dpu.DpuSettings;
import io.sluice.flink.dpu.Work;
import io.sluice.flink.ocr.OcrConfig;
import io.sluice.flink.ocr.OcrDpu;
import io.sluice.flink.ocr.OcrModels;
import io.sluice.schemas.InferenceRequest;
import io.sluice.schemas.InferenceResult;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** The job with the quantized networks on a fleet, through Kafka and back. */
@Tag("slow")
class OcrDpuJobTest {
  private static final int REQUESTS = 150;
  private static final int GAP_MILLIS = 20;

  private static final String CARD_LOSS =
      """
      cards:
        - {platform: zcu102, count: 2}
      faults:
        - {atMs: 1009, card: zcu102-0, event: offline}
        - {atMs: 2000, card: zcu102-0, event: online}
      """;

  @Test
  void whenACardDiesOrTheJobRestartsEachLineIsReadOnceTheSame(TestReporter reporter)
      throws Exception {
    List<InferenceResult> results = run(JobRun.runners());

    List<String> ids = ids();
    assertThat(results).extracting(InferenceResult::getRequestId).containsExactlyElementsOf(ids);
    long readRight = results.stream().filter(r -> r.getText().equals(r.getRequestId())).count();
    reporter.publishEntry("read without an error", Long.toString(readRight));
    assertThat(readRight).isGreaterThan(REQUESTS * 9L / 10);
    assertThat(results).allMatch(r -> r.getModelledDpuNs() > 0);

    // Two networks for each line; what runs again comes on top.
    FailsOnce failing = FailsOnce.at(REQUESTS, JobRun.runners());
    assertThat(run(failing)).isEqualTo(results);
    assertThat(FailsOnce.runs()).isGreaterThan(2 * REQUESTS);
  }

  private static List<InferenceResult> run(RunnerSource runners) throws Exception {
    Fleet fleet =
        FleetFile.read(
            new ByteArrayInputStream(CARD_LOSS.getBytes(StandardCharsets.UTF_8)), "test");
    OcrModels models =
        CompiledOcrFiles.prepare(Path.of("target/models"), fleet, 2, step -> {}).models();
    DpuPlan plan = OcrDpu.plan(models, fleet, DpuSettings.of(Clock.VIRTUAL, Work.EXACT));
    JobRun.Answers answers = JobRun.of(requests(), OcrConfig.of(models), runners, plan);
    assertThat(answers.deadLetters()).isEmpty();
    List<InferenceResult> results = new ArrayList<>(answers.results());
    results.sort(Comparator.comparing(InferenceResult::getRequestId));
    return results;
  }

  private static List<String> ids() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      ids.add(String.format("line-%04d", i));
    }
    return ids;
  }

  private static List<InferenceRequest> requests() throws IOException {
    List<InferenceRequest> requests = new ArrayList<>();
    for (String id : ids()) {
      requests.add(
          Lines.request(id, "ocr-line")
              .setImage(ByteBuffer.wrap(Lines.image(id, "png")))
              .setCreatedAtMillis(1 + (long) GAP_MILLIS * requests.size())
              .build());
    }
    return requests;
  }
}
