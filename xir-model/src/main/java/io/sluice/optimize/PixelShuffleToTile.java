package io.sluice.optimize;

import io.sluice.xir.Attrs;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes a tile ({@code gstiling}), which a DPU has, of a pixel shuffle behind a convolution (Table
 * 30). The two differ in which channel becomes which pixel of a block of s x s: pixel (i, j) of
 * channel c is channel (c * s + i) * s + j for the shuffle and (i * s + j) * C + c for the tile. So
 * the outputs of the convolution change places; activations may lie between.
 */
final class PixelShuffleToTile implements Pass {
  @Override
  public Set<Class<? extends Pass>> after() {
    return Set.of(FoldIntoConv.class, ActivationHoisting.class);
  }

  @Override
  public Rewrite.Replacement match(Op op, Set<Op> outputs) {
    if (!op.type().equals("pixel-shuffle") || !op.attrs().getBool("upscale")) {
      return null;
    }
    List<Op> activations = new ArrayList<>();
    Op at = op.input();
    while (Activations.TYPES.contains(at.type()) && Match.onlyRead(at, outputs)) {
      activations.add(0, at);
      at = at.input();
    }
    Op conv = at;
    if (!(conv.type().equals("conv2d") || conv.type().equals("transposed-conv2d"))
        || conv.attrs().getInt("group", 1) != 1
        || !Convolutions.hasConstants(conv)
        || !Match.onlyRead(conv, outputs)) {
      return null;
    }
    int block = op.attrs().getInt("scale");
    int[] order = order(block, op.output().shape().dim(3));
    return new Rewrite.Replacement(
        List.of(conv.input()),
        r -> {
          Map<String, List<Op>> in = new LinkedHashMap<>();
          in.put("input", List.of(r.image(conv.input())));
          for (String argument : List.of("weights", "bias")) {
            for (Op constant : conv.inputs(argument)) {
              String name = r.fresh(constant.name() + "_tiled");
              in.put(argument, List.of(r.target().addConst(name, reordered(constant, order))));
            }
          }
          String name = r.fresh(conv.name() + "_tiled");
          Op value = r.target().add(name, conv.type(), conv.attrs(), in);
          for (Op activation : activations) {
            String next = r.fresh(activation.name() + "_tiled");
            value = r.target().add(next, activation.type(), activation.attrs(), value);
          }
          Attrs attrs = Attrs.EMPTY.with("reverse", true).with("stride", block);
          return r.target().add(op.name(), "gstiling", attrs, value);
        });
  }

  /** The channel of the shuffle that each channel of the tile is. */
  private static int[] order(int block, int channels) {
    int[] order = new int[channels * block * block];
    for (int q = 0; q < order.length; q++) {
      order[q] = q % channels * block * block + q / channels;
    }
    return order;
  }

  private static TensorData reordered(Op constant, int[] order) {
    Shape shape = constant.output().shape();
    float[] from = constant.constData().toFloats();
    float[] to = new float[from.length];
    int each = from.length / order.length;
    for (int q = 0; q < order.length; q++) {
      System.arraycopy(from, order[q] * each, to, q * each, each);
    }
    return TensorData.ofFloats(shape, to);
  }
}
