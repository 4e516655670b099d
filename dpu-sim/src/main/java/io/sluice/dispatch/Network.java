package io.sluice.dispatch;

import io.sluice.dpu.timing.ModelProfile;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.target.Fingerprint;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import java.io.Serializable;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A network that requests are for, compiled for one target or several.
 *
 * @param name for people
 * @param variants each for another target, 1 or more
 */
public record Network(String name, List<Variant> variants) implements Serializable {
  /**
   * The network compiled for a target.
   *
   * @param profile what its service time depends on
   * @param inputBytes that a request sends to the card
   * @param outputBytes that it gets back
   */
  public record Variant(ModelProfile profile, long inputBytes, long outputBytes)
      implements Serializable {
    /** The variant of a compiled graph: its inputs and outputs go over the link. */
    public static Variant of(Graph graph) {
      return new Variant(
          ModelProfile.of(graph), bytes(graph.inputs()), Math.max(1, bytes(graph.outputs())));
    }

    /** A DPU takes and gives one byte an element. */
    private static long bytes(Collection<Op> ops) {
      long sum = 0;
      for (Op op : ops) {
        sum += op.output().shape().elements();
      }
      return sum;
    }

    Fingerprint fingerprint() {
      return profile.target().fingerprint();
    }

    /** Weights and biases that a unit has to hold. */
    public long weightBytes() {
      return profile.subgraphs().stream()
          .flatMap(s -> s.superlayers().stream())
          .mapToLong(ModelProfile.Superlayer::constantBytes)
          .sum();
    }

    /** What a batch moves between a unit and the memory of its card. */
    long memoryBytes(int batch) {
      long features =
          profile.subgraphs().stream()
              .flatMap(s -> s.superlayers().stream())
              .mapToLong(s -> s.loadBytes() + s.storeBytes())
              .sum();
      return weightBytes() + batch * features;
    }
  }

  /**
   * @throws SluiceException SLUICE_USAGE if there is no variant or two are for one target
   */
  public Network {
    variants = List.copyOf(variants);
    long targets = variants.stream().map(Variant::fingerprint).distinct().count();
    if (variants.isEmpty() || targets < variants.size()) {
      throw new SluiceException(
          ErrorCode.SLUICE_USAGE,
          variants.size() + " models for " + targets + " targets",
          "network '" + name + "'",
          "give it one model for each target that it runs on");
    }
  }

  Optional<Variant> variantFor(Fingerprint fingerprint) {
    return variants.stream().filter(v -> v.fingerprint().equals(fingerprint)).findFirst();
  }
}
