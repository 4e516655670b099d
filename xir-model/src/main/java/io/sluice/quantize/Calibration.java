package io.sluice.quantize;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.quantize.QuantizableOps.Kind;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The quantization of one network, at one or several input sizes, in rounds over the same samples:
 * channel ranges to equalize by, statistics to find positions by, moments to round weights by. Each
 * round is {@link #open}, {@link Observer#observe} for every sample anywhere and in any order,
 * {@link Observation#with}, then {@link #decide} once, which gives the next round. A sample belongs
 * to the input size that it has; what is decided holds for all.
 *
 * <p>Immutable. The result is a function of the graphs, the samples with their indices and the
 * configuration.
 */
public final class Calibration {
  private static final int MAGIC = 0x51434131; // "QCA1"

  /** What a round looks at. */
  public enum Round {
    /** The range of every channel that may be scaled. */
    RANGES,
    /** The values of every tensor that gets a position. */
    POSITIONS,
    /** The second moments of what every convolution reads. */
    MOMENTS,
    /** Nothing: all is decided. */
    DONE
  }

  private final List<Graph> prepared;
  private final QuantizeConfig config;
  private final Round round;
  private final Decisions decisions;

  private Calibration(
      List<Graph> prepared, QuantizeConfig config, Round round, Decisions decisions) {
    this.prepared = prepared;
    this.config = config;
    this.round = round;
    this.decisions = decisions;
  }

  /**
   * Before the first round.
   *
   * @param graphs one float network at its input sizes
   */
  public static Calibration of(List<Graph> graphs, QuantizeConfig config) {
    List<Graph> prepared = graphs.stream().map(Preparation::of).toList();
    Round first = config.refine() ? Round.RANGES : Round.POSITIONS;
    return new Calibration(prepared, config, first, Decisions.NONE);
  }

  public Round round() {
    return round;
  }

  /** Sessions that observe samples for this round. */
  public Observer open() {
    return new Observer(plans(), config, round, decisions);
  }

  private List<QuantizationPlan> plans() {
    return graphs().stream().map(g -> QuantizationPlan.of(g, config.keepFloat())).toList();
  }

  /** The float graphs with the constants that are decided so far. */
  List<Graph> graphs() {
    return prepared.stream().map(decisions::withConstants).toList();
  }

  /**
   * Ends a round.
   *
   * @param seen what was observed of all samples
   * @throws SluiceException QUANTIZER_TORCH_NO_CALIBRATION if it is of no sample, of another round
   *     or of another graph
   */
  public Calibration decide(Observation seen) {
    if (seen.sampleCount() == 0) {
      throw wrong(seen);
    }
    QuantizationPlan plan = plans().get(0);
    return switch (round) {
      case RANGES -> next(Round.POSITIONS, equalized(plan, seen));
      case POSITIONS -> next(config.refine() ? Round.MOMENTS : Round.DONE, positioned(plan, seen));
      case MOMENTS -> next(Round.DONE, rounded(plan, seen));
      case DONE -> throw wrong(seen);
    };
  }

  private Calibration next(Round next, Decisions decided) {
    return new Calibration(prepared, config, next, decided);
  }

  private Decisions equalized(QuantizationPlan plan, Observation seen) {
    List<ScaleFamily> families = ScaleFamily.of(plan.graph());
    if (!(seen instanceof ChannelRanges ranges)
        || ranges.tensorCount() != Equalizer.tensors(families).size()) {
      throw wrong(seen);
    }
    return decisions.withConstants(Equalizer.equalize(families, ranges));
  }

  private Decisions positioned(QuantizationPlan plan, Observation seen) {
    if (!(seen instanceof CalibrationStatistics statistics)) {
      throw wrong(seen);
    }
    Positions positions = Quantizer.positions(plan, statistics, config);
    return decisions.withPositions(plan, positions, positions.warnings());
  }

  private Decisions rounded(QuantizationPlan plan, Observation seen) {
    List<Op> convolutions = convolutions(plan);
    if (!(seen instanceof Moments moments) || moments.convolutionCount() != convolutions.size()) {
      throw wrong(seen);
    }
    Positions positions = decisions.positions(plan);
    PositionRules rules = new PositionRules(plan, positions);
    Map<Op, float[]> changed = new HashMap<>();
    for (int i = 0; i < convolutions.size(); i++) {
      WeightRounding.decide(convolutions.get(i), moments.get(i), positions, rules, changed);
    }
    return decisions.withConstants(changed).withPositions(plan, positions, decisions.warnings());
  }

  /** The convolutions whose weights are rounded by moments. */
  static List<Op> convolutions(QuantizationPlan plan) {
    return plan.order().stream()
        .filter(op -> plan.kind(op) == Kind.CONVOLUTION && ConvMoments.covers(op))
        .filter(op -> op.input("weights").fanOut().size() == 1)
        .filter(op -> op.inputs("bias").stream().allMatch(b -> b.fanOut().size() == 1))
        .toList();
  }

  /**
   * The quantized graphs, one for each input size, in the order given.
   *
   * @throws SluiceException QUANTIZER_TORCH_NO_CALIBRATION before the last round has ended
   */
  public List<QuantizedModel> models() {
    if (round != Round.DONE) {
      throw new SluiceException(
          ErrorCode.QUANTIZER_TORCH_NO_CALIBRATION,
          "the round " + round + " is open",
          prepared.get(0).toString(),
          "observe the samples and decide");
    }
    return plans().stream().map(this::model).toList();
  }

  private QuantizedModel model(QuantizationPlan plan) {
    Positions positions = decisions.positions(plan);
    new PositionRules(plan, positions).enforce();
    List<String> warnings = new ArrayList<>(decisions.warnings());
    warnings.addAll(positions.warnings());
    QuantizedModel built = new QuantizedGraphBuilder(plan, positions, config.bitWidth()).build();
    return new QuantizedModel(built.graph(), built.positions(), warnings);
  }

  /** What is decided so far; equal decisions give equal bytes. */
  public byte[] toBytes() {
    return ByteForm.bytes(
        out -> {
          out.writeInt(MAGIC);
          out.writeUTF(round.name());
          decisions.write(out);
        });
  }

  /**
   * The round that comes after what {@link #toBytes} wrote.
   *
   * @throws SluiceException QUANTIZER_TORCH_NO_CALIB_RESULT if the bytes are something else
   */
  public static Round roundOf(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      return round(in);
    } catch (IOException | IllegalArgumentException e) {
      throw unreadable(bytes, e);
    }
  }

  private static Round round(DataInputStream in) throws IOException {
    if (in.readInt() != MAGIC) {
      throw new IOException("not a calibration");
    }
    return Round.valueOf(in.readUTF());
  }

  private static SluiceException unreadable(byte[] bytes, Exception e) {
    return new SluiceException(
        ErrorCode.QUANTIZER_TORCH_NO_CALIB_RESULT,
        "unreadable calibration (" + e.getMessage() + ")",
        bytes.length + " bytes of a stored calibration",
        "give the whole file that the round before wrote, or calibrate again",
        e);
  }

  /**
   * Goes on from what {@link #toBytes} wrote, with the same network at the same or other sizes.
   *
   * @throws SluiceException QUANTIZER_TORCH_NO_CALIB_RESULT if the bytes are something else
   */
  public static Calibration resume(List<Graph> graphs, QuantizeConfig config, byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      Round round = round(in);
      return new Calibration(
          graphs.stream().map(Preparation::of).toList(), config, round, Decisions.read(in));
    } catch (IOException | IllegalArgumentException e) {
      throw unreadable(bytes, e);
    }
  }

  private SluiceException wrong(Observation seen) {
    return new SluiceException(
        ErrorCode.QUANTIZER_TORCH_NO_CALIBRATION,
        seen + " for the round " + round,
        prepared.get(0).toString(),
        "observe at least one sample in this round of this network");
  }
}
