package io.sluice.vart;

import io.sluice.compile.CompilerPlugin;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xir.Attrs;
import io.sluice.xir.Op;
import io.sluice.xir.Subgraph;
import io.sluice.xir.TensorData;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;

/**
 * Executes a subgraph of a plugin's device by what its attribute {@code runner} names: the CPU, if
 * the plugin left it ordinary ops, or a {@link DeviceRunner}.
 */
final class OwnDevice extends ValueExecutor {
  private final DeviceRunner runner;

  private OwnDevice(Stage stage, DeviceRunner runner) {
    super(stage);
    this.runner = runner;
  }

  /**
   * What executes a stage of a device that is not among those known.
   *
   * @param devices those known
   * @throws SluiceException VART_RUNNER_CONSTRUCTION_FAIL, which names the device, if nothing does
   */
  static SubgraphExecutor.Factory of(Stage stage, Set<String> devices) {
    Optional<Subgraph> subgraph =
        stage.graph().root().children().stream()
            .filter(child -> child.covers(stage.outputs().get(0)))
            .findFirst();
    String wanted = subgraph.map(s -> runner(s.attrs())).orElse("");
    if (wanted.equals(CompilerPlugin.CPU_RUNNER)) {
      return CpuExecutor::of;
    }
    Map<String, DeviceRunner.Provider> known = known();
    DeviceRunner.Provider provider = known.get(wanted);
    if (provider == null) {
      throw new SluiceException(
          ErrorCode.VART_RUNNER_CONSTRUCTION_FAIL,
          String.format(
              "no executor for device '%s', only for %s and runners %s, not '%s'",
              stage.device(), devices, known.keySet(), wanted),
          stage.toString(),
          "put the device's runner on the class path, or compile without the plugin");
    }
    return (of, options) -> new OwnDevice(of, provider.create(subgraph.orElseThrow()));
  }

  private static String runner(Attrs attrs) {
    return attrs.has("runner")
            && attrs.get("runner").value() instanceof Map<?, ?> runners
            && runners.get("run") instanceof String name
        ? name
        : "";
  }

  private static Map<String, DeviceRunner.Provider> known() {
    Map<String, DeviceRunner.Provider> known = new TreeMap<>();
    try {
      ServiceLoader.load(DeviceRunner.Provider.class, OwnDevice.class.getClassLoader())
          .forEach(provider -> known.put(provider.runner(), provider));
    } catch (ServiceConfigurationError e) {
      throw new SluiceException(
          ErrorCode.VART_RUNNER_CONSTRUCTION_FAIL,
          "runners of devices cannot be loaded: " + e.getMessage(),
          "class path",
          "correct the file META-INF/services/" + DeviceRunner.Provider.class.getName(),
          e);
    }
    return known;
  }

  /**
   * @throws SluiceException VART_TENSOR_INFO_ERROR if the runner does not give what the subgraph
   *     declares
   */
  @Override
  Map<String, TensorData> run(Map<String, TensorData> values) {
    Map<String, TensorData> given = runner.run(values);
    Map<String, TensorData> results = new LinkedHashMap<>();
    for (Op op : stage().outputs()) {
      String name = op.output().name();
      TensorData value = given.get(name);
      if (value == null
          || !value.shape().equals(op.output().shape())
          || !value.type().equals(op.output().type())) {
        throw new SluiceException(
            ErrorCode.VART_TENSOR_INFO_ERROR,
            "the runner gave " + value + " as " + op.output(),
            stage().toString(),
            "correct the device's runner");
      }
      results.put(name, value);
    }
    return results;
  }

  @Override
  public void close() {
    runner.close();
  }
}
