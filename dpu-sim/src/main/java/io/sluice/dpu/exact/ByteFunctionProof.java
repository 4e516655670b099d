package io.sluice.dpu.exact;

import io.sluice.ort.OrtModel;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Proves a float form of a function of one int8 value by trying all 256 of them. */
final class ByteFunctionProof {
  /** As an image of which every channel has every value. */
  private static final Shape ALL = Shape.of(1, 16, 16, 16);

  private record Case(Class<?> form, Activation activation) {}

  private final Map<Case, String> known = new HashMap<>();

  /** Why a form of an activation is not exact; null if it is. */
  String refusal(FloatArithmetic form, Activation activation) {
    if (!form.supports(activation)) {
      return activation.kind() + " has no such form";
    }
    if (activation.hardSigmoid() == null) {
      return null;
    }
    Case asked = new Case(form.getClass(), activation);
    if (!known.containsKey(asked)) {
      known.put(asked, tried(form.on(ALL), activation));
    }
    return known.get(asked);
  }

  private static String tried(FloatArithmetic form, Activation activation) {
    Tensor in = new Tensor("x", DataType.XINT8, ALL);
    Tensor out = new Tensor("y", DataType.XINT8, ALL);
    FloatGraph g = new FloatGraph();
    FloatGraph.Value x = g.input(in);
    g.output(out, new FloatGraph.Value(form.byteFunction(g, x.name(), activation), ALL));
    byte[] arguments = new byte[ALL.elements()];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = (byte) (i / ALL.dim(3) - 128);
    }
    TensorData values = TensorData.wrap(DataType.XINT8, ALL, arguments);
    try (OrtModel model =
        new OrtModel(g.toBytes(), List.of(in), List.of(out), activation.kind().name(), 1)) {
      TensorData results = model.run(Map.of("x", values)).get("y");
      for (int i = 0; i < arguments.length; i++) {
        byte expected = activation.apply(arguments[i], 0);
        if (results.getByte(i) != expected) {
          return String.format(
              "%s of %d is %d in float, not %d",
              activation.kind(), arguments[i], results.getByte(i), expected);
        }
      }
    }
    return null;
  }
}
