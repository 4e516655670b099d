package io.sluice.jobs.demo;

import io.sluice.flink.metrics.DpuTotals;
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
 * @param dpu what the DPU nodes did; none if the networks ran on the processor
 * @param parallelism subtasks of each stage
 * @param jobSeconds from the job's submission to its last answer, measured
 */
public record DemoResult(
    List<Answered> pages,
    List<DeadLetter> deadLetters,
    List<StageTimes> stages,
    List<DpuTotals> dpu,
    int parallelism,
    double jobSeconds) {
  private static final double NS_PER_MS = 1e6;

  public DemoResult {
    pages = List.copyOf(pages);
    deadLetters = List.copyOf(deadLetters);
    stages = List.copyOf(stages);
    dpu = List.copyOf(dpu);
  }

  /**
   * A page and its answer.
   *
   * @param result none if the request was refused
   * @param accuracy of the text found against the truth; that of no text if there is none
   */
  public record Answered(
      DemoPage page, Optional<InferenceResult> result, CharacterAccuracy accuracy) {

    /** Lines found; 0 if the request was refused. */
    public int lines() {
      return result.map(found -> found.getLines().size()).orElse(0);
    }

    /** Modelled time that DPUs were busy with the page, in milliseconds. */
    public double dpuMsModelled() {
      return result.map(found -> found.getModelledDpuNs() / NS_PER_MS).orElse(0.0);
    }
  }

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

  /** Modelled time that DPUs were busy, per page, in milliseconds. */
  public double dpuMsPerPageModelled() {
    long ns = dpu.stream().mapToLong(DpuTotals::modelledNs).sum();
    return pages.isEmpty() ? 0 : ns / NS_PER_MS / pages.size();
  }

  /** Measured; loading the models is part of the time. */
  public double pagesPerSecond() {
    return jobSeconds > 0 ? pages.size() / jobSeconds : 0;
  }
}
