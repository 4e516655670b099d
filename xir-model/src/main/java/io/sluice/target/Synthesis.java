package io.sluice.target;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Makes the description of a target from the feature bits of its fingerprint. */
abstract class Synthesis {
  private final Features features;

  Synthesis(Features features) {
    this.features = features;
  }

  /**
   * The target of a fingerprint; empty if its family or ISA version cannot be decoded.
   *
   * @throws SluiceException TARGET_FACTORY_INVALID_ARCH or TARGET_FACTORY_INVALID_FEATURE_CODE if
   *     no hardware can have these features
   */
  static Optional<DpuTarget> of(Fingerprint fingerprint) {
    return Features.of(fingerprint).map(features -> synthesis(features).target(fingerprint));
  }

  private static Synthesis synthesis(Features features) {
    return switch (features.type()) {
      case DPUCZDX8G -> new ZynqSynthesis(features);
      case DPUCVDX8G -> new VersalSynthesis(features);
      default -> new VersalEdgeSynthesis(features);
    };
  }

  abstract DpuTarget target(Fingerprint fingerprint);

  Features features() {
    return features;
  }

  int get(Feature feature) {
    return features.get(feature);
  }

  boolean has(Feature feature) {
    return features.has(feature);
  }

  /** The entry of a table that a field chooses. */
  int choose(Feature feature, int... table) {
    int index = get(feature);
    if (index >= table.length) {
      ErrorCode code =
          feature == Feature.ARCH
              ? ErrorCode.TARGET_FACTORY_INVALID_ARCH
              : ErrorCode.TARGET_FACTORY_INVALID_FEATURE_CODE;
      throw invalid(code, feature + " " + index + " is not below " + table.length);
    }
    return table[index];
  }

  /** A field that must not be 0. */
  int positive(Feature feature) {
    if (!has(feature)) {
      throw invalid(ErrorCode.TARGET_FACTORY_INVALID_FEATURE_CODE, feature + " is 0");
    }
    return get(feature);
  }

  private SluiceException invalid(ErrorCode code, String what) {
    return new SluiceException(
        code,
        what,
        "fingerprint " + features.fingerprint() + " of " + features.type(),
        "use the fingerprint that the hardware reports");
  }

  /** An engine for kernels of up to 16 x 16 and strides of up to 8. */
  ConvEngine conv(int inputs, int outputs, int pixels, Set<Nonlinear> activations) {
    return new ConvEngine(
        inputs,
        outputs,
        pixels,
        has(Feature.CHANNEL_AUGMENTATION) ? 2 * inputs : 0,
        IntRanges.parse("1-16"),
        IntRanges.parse("1-8"),
        activations);
  }

  /** ReLU and the further activations that the features name. */
  static Set<Nonlinear> relu(Set<Nonlinear> more) {
    Set<Nonlinear> all = EnumSet.of(Nonlinear.RELU);
    all.addAll(more);
    return all;
  }

  static Set<Nonlinear> when(boolean has, Nonlinear... activations) {
    return has ? Set.of(activations) : Set.of();
  }

  /** Storing is an engine only where it can compute an index. */
  List<Engine> save(int channels) {
    return has(Feature.SAVE_ARGMAX)
        ? List.of(
            new Engine(Engine.Kind.SAVE, channels, 1, Set.of("ARGMAX"), null, null, null, Set.of()))
        : List.of();
  }

  /** The padding that ALUs have room for in their instructions. */
  static Engine.PadLimit aluPad() {
    IntRanges before = IntRanges.parse("0-15");
    IntRanges after = IntRanges.parse("0-255");
    return new Engine.PadLimit(before, after, before, after);
  }
}
