package io.sluice.aks;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The kernels that graphs may name: those installed, as the kernel files of a folder change them.
 * The files are AKS's: {@code kernel_name}, {@code description}, {@code kernel_type}, {@code
 * device_type}, {@code num_cu} and {@code param_list}. {@code kernel_lib} and what older files have
 * beside (kernel_queue_size, xclbin, init) is read over, since a kernel is found by its name.
 */
public final class KernelFiles {
  private static final int MAX_FILES = 1000;
  private static final Set<String> FIELDS =
      Set.of(
          "kernel_name",
          "description",
          "kernel_type",
          "device_type",
          "kernel_lib",
          "num_cu",
          "kernel_queue_size",
          "param_list",
          "xclbin",
          "init");
  private static final Set<String> PARAM_FIELDS = Set.of("type", "optional", "default");

  private final InstalledKernels installed;
  private final SortedMap<String, KernelSpec> specs = new TreeMap<>();
  private final Map<String, String> fileOf = new LinkedHashMap<>();

  private KernelFiles(InstalledKernels installed) {
    this.installed = installed;
    installed.all().forEach((name, provider) -> specs.put(name, provider.spec()));
  }

  /** The installed kernels as they are. */
  public static KernelFiles none(InstalledKernels installed) {
    return new KernelFiles(installed);
  }

  /**
   * Reads every {@code *.json} of a folder, not of folders in it, in the order of their names. A
   * file of a kernel that is not installed is checked all the same; a graph that names the kernel
   * is refused.
   *
   * @throws SluiceException SLUICE_IO if the folder cannot be read; SLUICE_KERNEL_DUPLICATE if two
   *     files name one kernel; a SLUICE_GRAPH code if a file is malformed
   */
  public static KernelFiles read(Path folder, InstalledKernels installed) {
    KernelFiles kernels = new KernelFiles(installed);
    files(folder).forEach(file -> kernels.add(JsonAt.read(file)));
    return kernels;
  }

  private static Collection<Path> files(Path folder) {
    try (Stream<Path> all = Files.list(folder)) {
      List<Path> files =
          all.filter(file -> file.toString().endsWith(".json"))
              .sorted()
              .limit(MAX_FILES + 1)
              .toList();
      if (files.size() > MAX_FILES) {
        throw new SluiceException(
            ErrorCode.SLUICE_GRAPH_LIMIT,
            "more than " + MAX_FILES + " files",
            "kernel folder '" + folder + "'",
            "name a folder with kernel files only");
      }
      return files;
    } catch (IOException e) {
      throw new SluiceException(
          ErrorCode.SLUICE_IO,
          e.getClass().getSimpleName() + ": " + e.getMessage(),
          "kernel folder '" + folder + "'",
          "name the folder of the kernel files",
          e);
    }
  }

  /** What a kernel is, if it is installed or a file describes it. */
  Optional<KernelSpec> spec(String name) {
    return Optional.ofNullable(specs.get(name));
  }

  Optional<KernelProvider> provider(String name) {
    return installed.byName(name);
  }

  /** The names that a graph can use. */
  List<String> names() {
    return List.copyOf(installed.all().keySet());
  }

  void add(JsonAt root) {
    root.object(FIELDS, "remove it; known are " + FIELDS.stream().sorted().toList());
    String name = root.require("kernel_name").text();
    String other = fileOf.put(name, root.file());
    if (other != null) {
      throw root.bad(
          ErrorCode.SLUICE_KERNEL_DUPLICATE,
          "kernel '" + name + "' is in " + other + " too",
          "keep one of the files");
    }
    String description = root.require("description").text();
    String type = root.require("kernel_type").text();
    KernelSpec.Device device = device(root.require("device_type"));
    Optional<KernelSpec> known = installed.byName(name).map(KernelProvider::spec);
    int numCu =
        root.find("num_cu")
            .map(at -> (int) at.integer(1, KernelSpec.MAX_CU))
            .orElse(known.map(KernelSpec::numCu).orElse(1));
    Map<String, ParamSpec> params = new LinkedHashMap<>();
    known.ifPresent(spec -> spec.params().forEach(param -> params.put(param.name(), param)));
    root.find("param_list")
        .ifPresent(
            list -> {
              for (String param : list.object().keys()) {
                params.put(param, param(param, list.require(param), params.get(param), known));
              }
            });
    specs.put(
        name,
        new KernelSpec(name, description, type, device, numCu, new ArrayList<>(params.values())));
  }

  private static KernelSpec.Device device(JsonAt at) {
    for (KernelSpec.Device device : KernelSpec.Device.values()) {
      if (device.name().equalsIgnoreCase(at.text())) {
        return device;
      }
    }
    throw at.bad(
        ErrorCode.SLUICE_GRAPH_FIELD_VALUE, "device_type '" + at.text() + "'", "write cpu or fpga");
  }

  /** A file that does not say whether a parameter is optional leaves it as the kernel has it. */
  private static ParamSpec param(
      String name, JsonAt at, ParamSpec known, Optional<KernelSpec> kernel) {
    at.object(PARAM_FIELDS, "write type, optional and default only");
    JsonAt typeAt = at.require("type");
    ParamType type =
        ParamType.of(typeAt.text())
            .orElseThrow(
                () ->
                    typeAt.bad(
                        ErrorCode.SLUICE_GRAPH_FIELD_VALUE,
                        "type '" + typeAt.text() + "'",
                        "write int, int_array, float, float_array, string or string_array"));
    if (known == null && kernel.isPresent()) {
      throw at.bad(
          ErrorCode.SLUICE_GRAPH_PARAM_UNKNOWN,
          "kernel '" + kernel.get().name() + "' has no parameter '" + name + "'",
          "declare those it has: " + kernel.get().params().stream().map(ParamSpec::name).toList());
    }
    if (known != null && known.type() != type) {
      throw typeAt.bad(
          ErrorCode.SLUICE_GRAPH_PARAM_TYPE,
          "parameter '" + name + "' is " + known.type().id() + ", declared as " + type.id(),
          "write " + known.type().id());
    }
    Optional<ParamValue> byDefault =
        at.find("default")
            .map(value -> ParamReader.read(value, type))
            .or(() -> Optional.ofNullable(known).flatMap(ParamSpec::defaultValue));
    boolean optional =
        at.find("optional").map(JsonAt::bool).orElse(known == null || known.optional());
    return new ParamSpec(name, type, optional, byDefault.orElse(null));
  }
}
