package io.sluice.dpu.exact;

import io.sluice.xir.AttrValue;
import io.sluice.xir.Attrs;
import io.sluice.xir.Op;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Functions of one value on all values: hard sigmoids, and every op that requantizes. */
final class ByteBoundaries {
  private static final int[] SOME_SHIFTS = {-10, -1, 1, 2, 6, 7, 8, 26};

  private ByteBoundaries() {}

  static void each(Consumer<BoundaryCases.Aimed> consumer) {
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    for (int position = 0; position <= 15; position++) {
      for (int result = 7; result <= 10; result++) {
        String aim = "hard sigmoid from " + position + " to " + result;
        consumer.accept(one("hard-sigmoid-fix", aim, position, result, Attrs.EMPTY, all));
      }
    }
    for (int shift = -10; shift <= 26; shift++) {
      consumer.accept(requantized("upsample-fix", shift, movers().get("upsample-fix"), all));
    }
    movers()
        .forEach(
            (type, attrs) -> {
              for (int shift : SOME_SHIFTS) {
                consumer.accept(requantized(type, shift, attrs, all));
              }
            });
    for (int shift : SOME_SHIFTS) {
      FixGraph g = new FixGraph();
      Op a = g.input(shift, 1, 16, 16, 1);
      Op b = g.input(0, 1, 16, 16, 1);
      g.add("concat-fix", 0, Attrs.EMPTY.with("axis", 3), a, b);
      consumer.accept(BoundaryCases.aimed("requantization by " + shift, g, Map.of(a, all, b, all)));
    }
  }

  /**
   * What moves values and may change their position, with every value of the input in the output.
   */
  private static Map<String, Attrs> movers() {
    Map<String, Attrs> movers = new LinkedHashMap<>();
    AttrValue scale = AttrValue.ofFloats(2, 1);
    movers.put("upsample-fix", Attrs.EMPTY.with("mode", "NEAREST").with("scale", scale));
    AttrValue none = AttrValue.ofFloats(1, 1);
    movers.put("downsample-fix", Attrs.EMPTY.with("mode", "NEAREST").with("scale", none));
    movers.put(
        "pool-fix",
        Attrs.EMPTY
            .with("kernel", FixGraph.ONES)
            .with("stride", FixGraph.ONES)
            .with("type", "MAX"));
    movers.put("reshape-fix", Attrs.EMPTY.with("shape", new int[] {1, 256}));
    movers.put("tile-fix", Attrs.EMPTY.with("stride", 2).with("reverse", false));
    movers.put("reorg-fix", Attrs.EMPTY.with("scale", 2).with("reverse", false));
    movers.put("pixel-shuffle-fix", Attrs.EMPTY.with("scale", 2).with("reverse", false));
    movers.put(
        "strided_slice-fix",
        Attrs.EMPTY
            .with("begin", new int[4])
            .with("end", new int[] {1, 16, 16, 1})
            .with("strides", new int[] {1, 1, 1, 1}));
    movers.put(
        "pad-fix",
        Attrs.EMPTY.with("mode", "CONSTANT").with("paddings", new int[] {0, 0, 1, 0, 0, 1, 0, 0}));
    movers.put(
        "reduction_max-fix", Attrs.EMPTY.with("axis", new int[] {3}).with("keep_dims", true));
    return movers;
  }

  private static BoundaryCases.Aimed requantized(
      String type, int shift, Attrs attrs, byte[] values) {
    return one(type, "requantization by " + shift, shift, 0, attrs, values);
  }

  private static BoundaryCases.Aimed one(
      String type, String aim, int position, int result, Attrs attrs, byte[] values) {
    FixGraph g = new FixGraph();
    boolean shuffled = type.equals("pixel-shuffle-fix") || type.equals("tile-fix");
    Op in = shuffled ? g.input(position, 1, 8, 8, 4) : g.input(position, 1, 16, 16, 1);
    g.add(type, result, attrs, in);
    return BoundaryCases.aimed(aim, g, Map.of(in, values));
  }
}
