package io.sluice.xrm.alloc;

import io.sluice.target.Fingerprint;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which units will do: those for which all that is given is equal. An empty name is not given. The
 * bank is XRM's memory constraint; fingerprint and image are ours.
 *
 * @param kernel name of the kernel
 * @param alias its alias
 * @param unit XRM's cuName, {@code kernel:instance}
 * @param fingerprint what a DPU must be
 * @param bank index of the memory bank
 * @param image uuid of the image that the unit must come from
 */
public record Selector(
    String kernel,
    String alias,
    String unit,
    Optional<Fingerprint> fingerprint,
    OptionalInt bank,
    String image) {
  public Selector {
    Objects.requireNonNull(kernel, "kernel");
    Objects.requireNonNull(alias, "alias");
    Objects.requireNonNull(unit, "unit");
    Objects.requireNonNull(fingerprint, "fingerprint");
    Objects.requireNonNull(bank, "bank");
    Objects.requireNonNull(image, "image");
  }

  private static Selector names(String kernel, String alias, String unit) {
    return new Selector(kernel, alias, unit, Optional.empty(), OptionalInt.empty(), "");
  }

  public static Selector kernel(String kernel) {
    return names(kernel, "", "");
  }

  public static Selector alias(String alias) {
    return names("", alias, "");
  }

  /** The unit of that name on any device. */
  public static Selector unit(String unitName) {
    return names("", "", unitName);
  }

  public static Selector fingerprint(Fingerprint fingerprint) {
    return names("", "", "").of(fingerprint);
  }

  /** The same, and of that kind. */
  public Selector of(Fingerprint what) {
    return new Selector(kernel, alias, unit, Optional.of(what), bank, image);
  }

  /** The same, and connected to that bank. */
  public Selector inBank(int index) {
    return new Selector(kernel, alias, unit, fingerprint, OptionalInt.of(index), image);
  }

  /** The same, and of that image. */
  public Selector ofImage(String uuid) {
    return new Selector(kernel, alias, unit, fingerprint, bank, uuid);
  }

  /** XRM wants a name; a fingerprint stands for one. */
  boolean isMalformed() {
    boolean none = kernel.isEmpty() && alias.isEmpty() && unit.isEmpty() && fingerprint.isEmpty();
    return none
        || Math.max(Math.max(kernel.length(), alias.length()), image.length()) > UnitSpec.MAX_NAME
        || unit.length() > 2 * UnitSpec.MAX_NAME + 1
        || bank.orElse(0) < 0;
  }

  /** Whether a unit will do. */
  boolean matches(Unit unit) {
    return matches(unit.spec, unit.device.image.orElseThrow().uuid());
  }

  /** Whether a unit of an image will do. */
  boolean matches(UnitSpec spec, String imageUuid) {
    return matchesButFingerprint(spec, imageUuid)
        && (fingerprint.isEmpty() || fingerprint.equals(spec.fingerprint()));
  }

  /** Whether a unit of an image would do if it were of that fingerprint. */
  boolean matchesButFingerprint(UnitSpec spec, String imageUuid) {
    return (kernel.isEmpty() || kernel.equals(spec.kernel()))
        && (alias.isEmpty() || alias.equals(spec.alias()))
        && (unit.isEmpty() || unit.equals(spec.name()))
        && (bank.isEmpty() || bank.getAsInt() == spec.memoryBank())
        && (image.isEmpty() || image.equals(imageUuid));
  }

  /** What was given, for a message. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("unit");
    append(text, "of kernel", kernel);
    append(text, "of alias", alias);
    append(text, "named", unit);
    append(text, "of fingerprint", fingerprint.map(Fingerprint::toString).orElse(""));
    append(text, "at bank", bank.isPresent() ? Integer.toString(bank.getAsInt()) : "");
    append(text, "of image", image);
    return text.toString();
  }

  private static void append(StringBuilder text, String what, String value) {
    if (!value.isEmpty()) {
      text.append(' ').append(what).append(' ').append(value);
    }
  }
}
