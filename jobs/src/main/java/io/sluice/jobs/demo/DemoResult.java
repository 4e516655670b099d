package io.sluice.jobs.demo;

import io.sluice.flink.metrics.StageTimes;
import io.sluice.report.CharacterAccuracy;
import io.sluice.schemas.DeadLetter;
import io.sluice.schemas.InferenceResult;
import java.util.List;
import java.util.Optional;

/**
 * What the demo saw.
 *
 * @param pages the pages and their answers, in the order of the pages
 * @param deadLetters requests that were refused
 * @param stages what the stages measured, in the order of the pipeline
 * @param parallelism subtasks of each stage
 * @param jobSeconds from the job's submission to its last answer, measured
 */
public record DemoResult(
    List<Answered> pages,
    List<DeadLetter> deadLetters,
    List<StageTimes> stages,
    int parallelism,
    double jobSeconds) {
  public DemoResult {
    pages = List.copyOf(pages);
    deadLetters = List.copyOf(deadLetters);
    stages = List.copyOf(stages);
  }

  /**
   * A page and its answer.
   *
   * @param result none if the request was refused
   * @param accuracy of the text found against the truth; that of no text if there is none
   */
  public record Answered(
      DemoPage page, Optional<InferenceResult> result, CharacterAccuracy accuracy) {}

  /** Whether every page was read. */
  public boolean complete() {
    return pages.stream().allMatch(page -> page.result().isPresent());
  }

  /** Over all pages: 1 - edits / characters. */
  public CharacterAccuracy accuracy() {
    return pages.stream()
        .map(Answered::accuracy)
        .reduce(CharacterAccuracy.NONE, CharacterAccuracy::plus);
  }

  /** Measured; loading the models is part of the time. */
  public double pagesPerSecond() {
    return jobSeconds > 0 ? pages.size() / jobSeconds : 0;
  }
}
