package io.sluice.jobs;

import io.sluice.flink.ocr.OcrModels;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The networks of the OCR pipelines as a DPU runs them.
 *
 * @param models compiled XMODELs
 * @param target what they were compiled for
 * @param dpuMacShare the DPU's share of the multiply-accumulates of each network, 0 to 1
 * @param onCpu why ops of each network stay on the CPU, one sentence a reason, with how many ops it
 *     holds for and what part of the multiply-accumulates they take
 */
public record CompiledOcr(
    OcrModels models,
    String target,
    Map<String, Double> dpuMacShare,
    Map<String, List<String>> onCpu) {
  public CompiledOcr {
    dpuMacShare = Collections.unmodifiableMap(new TreeMap<>(dpuMacShare));
    onCpu = Collections.unmodifiableMap(new TreeMap<>(onCpu));
  }
}
