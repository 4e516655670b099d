package io.sluice.target;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * A feature code taken apart.
 *
 * @param type the family
 * @param isa its ISA version
 * @param values of the fields that codes of the family have
 * @param undecoded the code with all those fields zero: bits whose meaning is not known
 */
public record Features(DpuType type, int isa, Map<Feature, Integer> values, long undecoded) {
  public Features {
    values = Collections.unmodifiableMap(new EnumMap<>(values));
  }

  /** The features of a fingerprint; empty if codes of its family or ISA version are not known. */
  public static Optional<Features> of(Fingerprint fingerprint) {
    return FeatureLayout.of(fingerprint.typeNumber(), fingerprint.isa())
        .map(
            layout -> {
              Map<Feature, Integer> values = new EnumMap<>(Feature.class);
              long rest = fingerprint.feature();
              for (Feature feature : layout.features()) {
                values.put(feature, layout.get(feature, fingerprint.feature()));
                rest = layout.set(feature, rest, 0);
              }
              return new Features(layout.type(), fingerprint.isa(), values, rest);
            });
  }

  /**
   * The fingerprint that has these features.
   *
   * @throws SluiceException TARGET_FACTORY_INVALID_FEATURE_CODE if codes of the family are not
   *     known, have no such field, or a value does not fit
   */
  public Fingerprint fingerprint() {
    FeatureLayout layout =
        FeatureLayout.of(type.number(), isa)
            .orElseThrow(() -> invalid("codes of ISA " + isa + " are not known"));
    long code = undecoded;
    for (Map.Entry<Feature, Integer> e : values.entrySet()) {
      boolean known = layout.features().contains(e.getKey());
      if (!known || e.getValue() < 0 || e.getValue() > layout.max(e.getKey())) {
        throw invalid(e.getKey() + " " + e.getValue() + (known ? " does not fit" : " is no field"));
      }
      code = layout.set(e.getKey(), code, e.getValue());
    }
    return Fingerprint.of(type, isa, code);
  }

  /** The value of a field; 0 if codes of the family have none of it. */
  public int get(Feature feature) {
    return values.getOrDefault(feature, 0);
  }

  boolean has(Feature feature) {
    return get(feature) != 0;
  }

  private SluiceException invalid(String what) {
    return new SluiceException(
        ErrorCode.TARGET_FACTORY_INVALID_FEATURE_CODE,
        what,
        "target of type " + type,
        "use the fingerprint that the hardware reports");
  }
}
