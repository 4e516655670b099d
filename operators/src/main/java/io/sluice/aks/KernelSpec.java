package io.sluice.aks;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a kernel is, as its kernel file says it.
 *
 * @param name its unique name, as graphs write it
 * @param description for people
 * @param type {@code cpp} in AKS's files, {@code java} in ours; for people
 * @param device what it runs on; for people
 * @param numCu subtasks of a node of this kernel, 1 to {@link #MAX_CU}
 * @param params the parameters in the order in which they were declared
 */
public record KernelSpec(
    String name, String description, String type, Device device, int numCu, List<ParamSpec> params)
    implements Serializable {
  /** No node has more subtasks. */
  public static final int MAX_CU = 1024;

  /** What a kernel runs on. */
  public enum Device {
    CPU,
    FPGA
  }

  public KernelSpec {
    Objects.requireNonNull(name, "name");
    params = List.copyOf(params);
    if (numCu < 1 || numCu > MAX_CU) {
      throw new IllegalArgumentException("kernel " + name + " with num_cu " + numCu);
    }
    if (params.stream().map(ParamSpec::name).distinct().count() < params.size()) {
      throw new IllegalArgumentException("kernel " + name + " declares a parameter twice");
    }
  }

  /** A kernel for the CPU with one subtask and no parameters, to add to. */
  public static KernelSpec of(String name, String description) {
    return new KernelSpec(name, description, "java", Device.CPU, 1, List.of());
  }

  public KernelSpec withNumCu(int count) {
    return new KernelSpec(name, description, type, device, count, params);
  }

  public KernelSpec onFpga() {
    return new KernelSpec(name, description, type, Device.FPGA, numCu, params);
  }

  /** With a parameter that every node must give. */
  public KernelSpec requires(String param, ParamType paramType) {
    return with(new ParamSpec(param, paramType, false, null));
  }

  /** With a parameter that a node may leave out; the kernel asks {@link NodeParams#has}. */
  public KernelSpec allows(String param, ParamType paramType) {
    return with(new ParamSpec(param, paramType, true, null));
  }

  /** With a parameter that has a value when a node leaves it out. */
  public KernelSpec defaults(String param, ParamValue byDefault) {
    return with(new ParamSpec(param, byDefault.type(), true, byDefault));
  }

  private KernelSpec with(ParamSpec param) {
    List<ParamSpec> more = new ArrayList<>(params);
    more.add(param);
    return new KernelSpec(name, description, type, device, numCu, more);
  }

  /** The parameter of a name. */
  public Optional<ParamSpec> param(String paramName) {
    return params.stream().filter(param -> param.name().equals(paramName)).findFirst();
  }
}
