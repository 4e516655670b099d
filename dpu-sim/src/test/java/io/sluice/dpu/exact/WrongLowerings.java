package io.sluice.dpu.exact;

import static io.sluice.onnx.OnnxAttributes.integer;

import io.sluice.onnx.proto.TensorProto;
import io.sluice.xir.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Float arithmetic that is wrong in one way each, plausible ones all. */
final class WrongLowerings {
  /** Halves to even, as adding and subtracting 1.5 * 2^23 rounds. */
  static final FloatArithmetic HALF_TO_EVEN =
      new FloatArithmetic() {
        @Override
        double half(int bits) {
          return 0;
        }

        @Override
        String settle(FloatGraph g, String v, int bits, int low, int high) {
          return g.node("Round", List.of(g.clip(v, low, high)));
        }
      };

  /** Floor without the half. */
  static final FloatArithmetic NO_HALF =
      new FloatArithmetic() {
        @Override
        double half(int bits) {
          return 0;
        }
      };

  /** Towards zero instead of down. */
  static final FloatArithmetic TRUNCATION =
      new FloatArithmetic() {
        @Override
        String settle(FloatGraph g, String v, int bits, int low, int high) {
          String whole =
              g.node(
                  "Cast",
                  List.of(g.clip(v, low, high)),
                  integer("to", TensorProto.DataType.INT32_VALUE));
          return g.node("Cast", List.of(whole), integer("to", TensorProto.DataType.FLOAT_VALUE));
        }
      };

  /** Sums of any size are taken for exact. */
  static final FloatArithmetic BOUND_IGNORED =
      new FloatArithmetic() {
        @Override
        long exact() {
          return Long.MAX_VALUE;
        }
      };

  /** The slope as a float factor on the accumulator. */
  static final FloatArithmetic LEAKY_IN_FLOAT =
      new FloatArithmetic() {
        @Override
        String leaky(FloatGraph g, String v, int bits) {
          String larger = g.node("Max", List.of(v, g.multiply(v, 26.0 / 256)));
          return settle(g, g.add(larger, 0.5), bits + 8, Byte.MIN_VALUE, Byte.MAX_VALUE);
        }
      };

  /** Nothing is clamped but by the cast at the border. */
  static final FloatArithmetic NO_SATURATION =
      new FloatArithmetic() {
        @Override
        String settle(FloatGraph g, String v, int bits, int low, int high) {
          return bits > 0 ? g.floor(v) : v;
        }
      };

  /** In blocks, ties go to even. */
  static final FloatArithmetic BLOCKED_TIES_TO_EVEN =
      new BlockedEverywhere(
          shape ->
              new Blocked(shape) {
                @Override
                double half(int bits) {
                  return 0;
                }
              });

  /** In blocks, a whole half is added before what rounds to the nearest already. */
  static final FloatArithmetic BLOCKED_HALF_TWICE =
      new BlockedEverywhere(
          shape ->
              new Blocked(shape) {
                @Override
                double half(int bits) {
                  return bits > 0 ? 0.5 : 0;
                }
              });

  /** In blocks, nothing is clamped where there is something to round. */
  static final FloatArithmetic BLOCKED_NO_SATURATION =
      new BlockedEverywhere(
          shape ->
              new Blocked(shape) {
                @Override
                String settle(FloatGraph g, String v, int bits, int low, int high) {
                  return bits == 0 ? v : super.settle(g, v, bits, -30_000, 30_000);
                }
              });

  /** In blocks, sums of any size are taken for exact. */
  static final FloatArithmetic BLOCKED_BOUND_IGNORED =
      new BlockedEverywhere(
          shape ->
              new Blocked(shape) {
                @Override
                long exact() {
                  return Long.MAX_VALUE;
                }
              });

  /** Mirrored, ties go down. */
  static final FloatArithmetic MIRRORED_TIES_DOWN =
      new BlockedEverywhere(
          shape ->
              new MirroredArithmetic(shape) {
                @Override
                double shrink() {
                  return 1 + Math.scalb(1.0, -23);
                }
              });

  /** Mirrored, ties go to even. */
  static final FloatArithmetic MIRRORED_TIES_TO_EVEN =
      new BlockedEverywhere(
          shape ->
              new MirroredArithmetic(shape) {
                @Override
                double shrink() {
                  return 1;
                }
              });

  /** Mirrored, whatever the bits. */
  static final FloatArithmetic MIRRORED_TOO_FINE =
      new BlockedEverywhere(
          shape ->
              new MirroredArithmetic(shape) {
                @Override
                boolean mirrors(int bits) {
                  return bits > 0;
                }
              });

  /** Mirrored, nothing is limited from above before it is rounded. */
  static final FloatArithmetic MIRRORED_NO_UPPER_LIMIT =
      new BlockedEverywhere(
          shape ->
              new MirroredArithmetic(shape) {
                @Override
                String settleFramed(FloatGraph g, String framed, int bits, int low, int high) {
                  return mirrors(bits)
                      ? settled(
                          g,
                          new FloatGraph.Lifted(
                              g.perChannel(framed, channels, -shrink(), MAGIC + high),
                              low,
                              high,
                              true))
                      : super.settleFramed(g, framed, bits, low, high);
                }
              });

  /** Mirrored, sums of any size are taken for exact. */
  static final FloatArithmetic MIRRORED_BOUND_IGNORED =
      new BlockedEverywhere(
          shape ->
              new MirroredArithmetic(shape) {
                @Override
                long exact() {
                  return Long.MAX_VALUE;
                }
              });

  /** Keeps what a wrong form is wrong in when a proof asks for another shape. */
  private static class Blocked extends BlockedArithmetic {
    Blocked(Shape output) {
      super(output);
    }

    @Override
    BlockedArithmetic on(Shape output) {
      return new BlockedArithmetic(output);
    }
  }

  private WrongLowerings() {}

  static Map<String, FloatArithmetic> all() {
    Map<String, FloatArithmetic> all = new LinkedHashMap<>();
    all.put("half to even", HALF_TO_EVEN);
    all.put("no half", NO_HALF);
    all.put("truncation", TRUNCATION);
    all.put("bound ignored", BOUND_IGNORED);
    all.put("leaky in float", LEAKY_IN_FLOAT);
    all.put("no saturation", NO_SATURATION);
    all.put("blocked: ties to even", BLOCKED_TIES_TO_EVEN);
    all.put("blocked: half twice", BLOCKED_HALF_TWICE);
    all.put("blocked: no saturation", BLOCKED_NO_SATURATION);
    all.put("blocked: bound ignored", BLOCKED_BOUND_IGNORED);
    all.put("mirrored: ties down", MIRRORED_TIES_DOWN);
    all.put("mirrored: ties to even", MIRRORED_TIES_TO_EVEN);
    all.put("mirrored: too fine", MIRRORED_TOO_FINE);
    all.put("mirrored: no upper limit", MIRRORED_NO_UPPER_LIMIT);
    all.put("mirrored: bound ignored", MIRRORED_BOUND_IGNORED);
    return all;
  }
}
