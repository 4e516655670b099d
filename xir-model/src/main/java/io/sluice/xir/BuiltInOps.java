package io.sluice.xir;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** All op types of XIR, by name. */
final class BuiltInOps {
  static final Map<String, OpDef> BY_TYPE = byType();

  private BuiltInOps() {}

  private static Map<String, OpDef> byType() {
    Map<String, OpDef> defs = new TreeMap<>();
    Stream.of(
            SourceOps.definitions(),
            ConvolutionOps.definitions(),
            PoolingOps.definitions(),
            ActivationOps.definitions(),
            EltwiseOps.definitions(),
            MovementOps.definitions(),
            ShapeOps.definitions(),
            ReductionOps.definitions(),
            NormalisationOps.definitions(),
            QuantizationOps.definitions(),
            ResizeOps.definitions(),
            MatrixOps.definitions(),
            DetectionOps.definitions())
        .flatMap(List::stream)
        .forEach(def -> defs.put(def.type(), def));
    return Collections.unmodifiableMap(defs);
  }
}
