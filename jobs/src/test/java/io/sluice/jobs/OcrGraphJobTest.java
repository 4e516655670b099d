package io.sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.aks.AksGraph;
import io.sluice.aks.AksSettings;
import io.sluice.aks.InstalledKernels;
import io.sluice.aks.JobContext;
import io.sluice.aks.KernelFiles;
import io.sluice.fleet.Fleet;
import io.sluice.fleet.FleetFile;
import io.sluice.flink.Clock;
import io.sluice.flink.dpu.DpuSettings;
import io.sluice.flink.dpu.Work;
import io.sluice.flink.ocr.OcrConfig;
import io.sluice.flink.ocr.OcrDpu;
import io.sluice.flink.ocr.OcrModels;
import io.sluice.flink.wire.Wire;
import io.sluice.jobs.demo.DemoPage;
import io.sluice.schemas.DeadLetter;
import io.sluice.schemas.InferenceRequest;
import io.sluice.schemas.InferenceResult;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The graph file of the OCR pipeline and the OCR job, with the quantized networks, over Kafka. */
@Tag("slow")
class OcrGraphJobTest {
  private static final int PAGES = 2;
  private static final int GAP_MILLIS = 500;

  @TempDir private Path folder;

  @Test
  void theGraphFileGivesTheBytesOfTheJob() throws Exception {
    Fleet fleet = FleetFile.example("two-zcu102");
    OcrModels models =
        CompiledOcrFiles.prepare(Path.of("target/models"), fleet, 2, step -> {}).models();
    Path file = OcrGraphFolder.write(folder, models);

    JobRun.Answers job =
        JobRun.of(
            requests(),
            OcrConfig.of(models),
            JobRun.runners(),
            OcrDpu.plan(models, fleet, DpuSettings.of(Clock.VIRTUAL, Work.EXACT)));
    AksGraph graph =
        AksGraph.load(
            file,
            KernelFiles.none(InstalledKernels.find()),
            new JobContext(List.of(), 1, folder.toUri().toString(), null),
            Path.of(""));
    AksSettings settings = AksSettings.on(fleet, Clock.VIRTUAL, Work.EXACT).withMaxParallelism(2);
    JobRun.Answers answers = JobRun.of(requests(), new AksJob(graph, settings, JobRun.runners()));

    assertThat(job.results()).hasSize(PAGES).allMatch(page -> page.getText().length() > 200);
    assertThat(bytes(answers)).isEqualTo(bytes(job));
    assertThat(answers.deadLetters())
        .extracting(DeadLetter::getRequestId)
        .containsExactly("no-image");
    assertThat(answers.deadLetters().get(0).getCode())
        .isEqualTo(job.deadLetters().get(0).getCode());
  }

  private static List<ByteBuffer> bytes(JobRun.Answers answers) {
    Wire<InferenceResult> wire = Wire.results();
    return answers.results().stream()
        .sorted(Comparator.comparing(InferenceResult::getRequestId))
        .map(result -> ByteBuffer.wrap(wire.encode(result)))
        .toList();
  }

  private static List<InferenceRequest> requests() {
    List<InferenceRequest> requests = new ArrayList<>();
    for (DemoPage page : DemoPage.shipped().subList(0, PAGES)) {
      requests.add(request(page.name(), page.image(), requests.size()));
    }
    requests.add(request("no-image", new byte[] {1, 2, 3}, requests.size()));
    return requests;
  }

  private static InferenceRequest request(String id, byte[] image, int index) {
    return Lines.request(id, "ocr-page")
        .setImage(ByteBuffer.wrap(image))
        .setCreatedAtMillis(1 + (long) GAP_MILLIS * index)
        .build();
  }
}
