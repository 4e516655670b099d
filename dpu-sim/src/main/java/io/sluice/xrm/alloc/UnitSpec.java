package io.sluice.xrm.alloc;

import io.sluice.target.Fingerprint;
import java.util.Objects;
import java.util.Optional;

/**
 * A compute unit of an image.
 *
 * @param kernel name of the kernel that it is an instance of
 * @param alias another name of the kernel; empty for none
 * @param instance its own name
 * @param type what it is made of
 * @param fingerprint of a DPU; empty for other kernels
 * @param maxCapacity what the whole unit can do in the kernel's own measure, e.g. pixels a second;
 *     0 when not described
 * @param maxChannels how many allocations may share it, 1 to {@value #MAX_CHANNELS}
 * @param memoryBank index of the bank that it is connected to, 0 or more
 */
public record UnitSpec(
    String kernel,
    String alias,
    String instance,
    Type type,
    Optional<Fingerprint> fingerprint,
    long maxCapacity,
    int maxChannels,
    int memoryBank) {
  /** What a unit is made of, in the order of XRM's numbers from 1. */
  public enum Type {
    /** A kernel in the fabric. */
    HARDWARE,
    /** A kernel on a processor of the card. */
    SOFT,
    /** A fabric kernel driven by a processor of the card. */
    HARDWARE_DRIVEN_BY_PROCESSOR
  }

  /** XRM's limits. */
  public static final int MAX_CHANNELS = 1000;

  public static final int MAX_NAME = 255;

  public UnitSpec {
    Names.check("kernel", kernel);
    Names.checkOrEmpty("alias", alias);
    Names.check("instance", instance);
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(fingerprint, "fingerprint");
    if (maxCapacity < 0 || maxChannels < 1 || maxChannels > MAX_CHANNELS || memoryBank < 0) {
      throw new IllegalArgumentException(
          "capacity " + maxCapacity + ", channels " + maxChannels + ", bank " + memoryBank);
    }
  }

  /** A DPU, known by its kernel, its instance and its fingerprint. */
  public static UnitSpec dpu(String kernel, String instance, Fingerprint fingerprint) {
    return new UnitSpec(
        kernel, "", instance, Type.HARDWARE, Optional.of(fingerprint), 0, MAX_CHANNELS, 0);
  }

  /** A unit in the fabric that is no DPU. */
  public static UnitSpec hardware(String kernel, String alias, String instance) {
    return new UnitSpec(
        kernel, alias, instance, Type.HARDWARE, Optional.empty(), 0, MAX_CHANNELS, 0);
  }

  /** The same, shared by at most so many allocations. */
  public UnitSpec withMaxChannels(int channels) {
    return new UnitSpec(
        kernel, alias, instance, type, fingerprint, maxCapacity, channels, memoryBank);
  }

  /** The same, at another bank. */
  public UnitSpec inBank(int bank) {
    return new UnitSpec(kernel, alias, instance, type, fingerprint, maxCapacity, maxChannels, bank);
  }

  /** The same, able to do so much. */
  public UnitSpec withMaxCapacity(long capacity) {
    return new UnitSpec(
        kernel, alias, instance, type, fingerprint, capacity, maxChannels, memoryBank);
  }

  /** XRM's cuName: {@code kernel:instance}. */
  public String name() {
    return kernel + ":" + instance;
  }
}
