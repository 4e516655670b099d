package io.sluice.aks;

import java.util.ArrayList;
import java.util.List;

/**
 * The kernel DPURunner of AKS. It gives all outputs of the network, sorted by the names of their
 * tensors as VART's runners sort them. {@code model_file} names a network in one size; {@code
 * model_files} one that is compiled in several widths, which AKS has not. {@code num_runners} is
 * how many units the node uses at most; without it, it uses its share of the fleet.
 */
public final class DpuRunner implements KernelProvider {
  private static final int MAX_RUNNERS = 1 << 16;

  @Override
  public KernelSpec spec() {
    return KernelSpec.of("DPURunner", "Runs a compiled network on the DPUs of the fleet")
        .onFpga()
        .withNumCu(8)
        .allows("model_file", ParamType.STRING)
        .allows("model_files", ParamType.STRING_ARRAY)
        .allows("num_runners", ParamType.INT);
  }

  @Override
  public Kernel create(NodeParams params, KernelContext context) {
    List<String> files = new ArrayList<>();
    if (params.has("model_file")) {
      files.add(params.getString("model_file"));
    }
    if (params.has("model_files")) {
      files.addAll(params.getStrings("model_files"));
    }
    if (files.isEmpty() || params.has("model_file") == params.has("model_files")) {
      throw params.invalid(
          params.has("model_files") ? "model_files" : "model_file",
          params.has("model_file") ? "given beside model_files" : "missing",
          "give one of model_file and model_files, with at least one file");
    }
    int runners =
        params.has("num_runners") ? params.getInt("num_runners", 1, MAX_RUNNERS) : MAX_RUNNERS;
    return new Named(List.copyOf(files), runners);
  }

  private record Named(List<String> modelFiles, int maxUnits) implements DpuKernel {}
}
