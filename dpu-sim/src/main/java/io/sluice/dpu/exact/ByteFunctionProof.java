package io.sluice.dpu.exact;

import io.sluice.ort.OrtModel;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Proves the float form of a function of one int8 value by trying all 256 of them. */
final class ByteFunctionProof {
  private static final Shape ALL = Shape.of(256);

  private final FloatArithmetic arithmetic;
  private final Map<Activation, String> known = new HashMap<>();

  ByteFunctionProof(FloatArithmetic arithmetic) {
    this.arithmetic = arithmetic;
  }

  /** Why the float form of an activation is not exact; null if it is. */
  String refusal(Activation activation) {
    if (!known.containsKey(activation)) {
      known.put(activation, tried(activation));
    }
    return known.get(activation);
  }

  private String tried(Activation activation) {
    Tensor in = new Tensor("x", DataType.XINT8, ALL);
    Tensor out = new Tensor("y", DataType.XINT8, ALL);
    FloatGraph g = new FloatGraph();
    FloatGraph.Value x = g.input(in);
    g.output(out, new FloatGraph.Value(arithmetic.byteFunction(g, x.name(), activation), ALL));
    byte[] arguments = new byte[256];
    for (int i = 0; i < 256; i++) {
      arguments[i] = (byte) (i - 128);
    }
    TensorData values = TensorData.wrap(DataType.XINT8, ALL, arguments);
    try (OrtModel model =
        new OrtModel(g.toBytes(), List.of(in), List.of(out), activation.kind().name(), 1)) {
      TensorData results = model.run(Map.of("x", values)).get("y");
      for (int i = 0; i < 256; i++) {
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
