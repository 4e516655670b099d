package io.sluice.jobs;

import io.sluice.jobs.quantize.NetworkSpec;
import io.sluice.jobs.quantize.QuantizeRounds;
import java.util.List;
import java.util.Map;

/**
 * Quantizes networks and compiles them at all their input sizes, as Flink batch jobs: for each
 * network one job a round of calibration, samples in parallel and one reducer that decides, and one
 * job that compiles, sizes in parallel. The decisions of a round pass to the next in a file. The
 * files are the same whatever the parallelism.
 */
public final class QuantizeCompileJob {
  private QuantizeCompileJob() {}

  /**
   * @param networks what to quantize
   * @param target the name of what to compile for
   * @param folder URI of the folder for {@code NAME-SIZE.xmodel} and {@code NAME.json}: for each
   *     size its file, the DPU's share of the multiply-accumulates, and why ops stay on the CPU
   * @param parallelism subtasks that observe or compile
   * @return the JSON document of each network, by its name
   * @throws Exception what a job failed with; a {@link io.sluice.error.SluiceException} of a
   *     subtask is thrown as it was
   */
  public static Map<String, String> run(
      List<NetworkSpec> networks, String target, String folder, int parallelism) throws Exception {
    return QuantizeRounds.run(networks, target, folder, parallelism);
  }
}
