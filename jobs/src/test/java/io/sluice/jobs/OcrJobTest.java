package io.sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.error.ErrorCode;
import io.sluice.flink.ocr.OcrConfig;
import io.sluice.schemas.DeadLetter;
import io.sluice.schemas.InferenceResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** The job with the real networks, through Kafka and back. */
@Tag("slow")
class OcrJobTest {
  private static final int REQUESTS = 1000;
  private static final int POISON = 50;

  @TempDir private Path folder;

  @Test
  void amongAThousandRequestsEveryPoisonRecordIsADeadLetterAndTheRestIsReadOnce(
      TestReporter reporter) throws Exception {
    List<Poison> poison = new ArrayList<>();
    for (int round = 0; poison.size() < POISON; round++) {
      poison.addAll(Poison.all("-" + round, folder.toUri() + "missing.png"));
    }
    poison.subList(POISON, poison.size()).clear();
    List<byte[]> records = new ArrayList<>();
    poison.forEach(p -> records.add(p.value()));
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < REQUESTS - POISON; i++) {
      String id = String.format("line-%04d", i);
      ids.add(id);
      records.add(Lines.line(id, Lines.image(id, i % 5 == 0 ? "jpg" : "png")));
    }
    Collections.shuffle(records, new Random(7));

    JobRun.Answers answers =
        JobRun.of(
            records,
            OcrConfig.of(JobRun.models()).withImageRoots(List.of(folder.toUri().toString())),
            JobRun.runners());

    Map<String, Long> codes = count(answers.deadLetters().stream().map(DeadLetter::getCode));
    reporter.publishEntry("results", Integer.toString(answers.results().size()));
    codes.forEach((code, count) -> reporter.publishEntry(code, Long.toString(count)));
    assertThat(answers.results())
        .extracting(InferenceResult::getRequestId)
        .containsExactlyInAnyOrderElementsOf(ids);
    assertThat(answers.deadLetters()).hasSize(POISON);
    assertThat(answers.deadLetters())
        .extracting(letter -> letter.getPartition() + "-" + letter.getOffset())
        .doesNotHaveDuplicates();
    assertThat(codes).isEqualTo(count(poison.stream().map(Poison::code).map(ErrorCode::name)));
    assertThat(answers.deadLetters())
        .allSatisfy(
            letter -> {
              assertThat(letter.getStage()).startsWith("decode-");
              assertThat(letter.getThing()).isNotEmpty();
              assertThat(letter.getPlace()).isNotEmpty();
              assertThat(letter.getRemedy()).isNotEmpty();
            });
    long readRight =
        answers.results().stream().filter(r -> r.getText().equals(r.getRequestId())).count();
    reporter.publishEntry("read without an error", Long.toString(readRight));
    assertThat(readRight).isGreaterThan(ids.size() * 9L / 10);
  }

  @Test
  void afterAFailureInTheMiddleEachRequestIsStillAnsweredOnce() throws Exception {
    List<byte[]> records = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      ids.add("line-" + i);
      records.add(
          i % 10 == 9
              ? Lines.line(ids.get(i), new byte[9])
              : Lines.line(ids.get(i), Lines.image("text " + i, "png")));
    }
    FailsOnce runners = FailsOnce.at(110, JobRun.runners());

    JobRun.Answers answers = JobRun.of(records, OcrConfig.of(JobRun.models()), runners);

    // 108 lines and two networks; what ran again came on top.
    assertThat(FailsOnce.runs()).isGreaterThan(2 * 108);
    assertThat(
            Stream.concat(
                answers.results().stream().map(InferenceResult::getRequestId),
                answers.deadLetters().stream().map(DeadLetter::getRequestId)))
        .containsExactlyInAnyOrderElementsOf(ids);
    assertThat(answers.deadLetters()).hasSize(12);
  }

  private static Map<String, Long> count(Stream<String> names) {
    return names.collect(
        Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
  }
}
