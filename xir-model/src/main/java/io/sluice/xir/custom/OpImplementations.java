package io.sluice.xir.custom;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xir.Op;
import java.util.Collections;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** The implementations of custom ops on the class path, by type. */
public final class OpImplementations {
  private final Map<String, OpImplementation> byType;

  private OpImplementations(Map<String, OpImplementation> byType) {
    this.byType = Collections.unmodifiableMap(byType);
  }

  /**
   * @throws SluiceException VART_RUNNER_CONSTRUCTION_FAIL if one cannot be loaded,
   *     XIR_MULTI_REGISTERED_OP if two have one type
   */
  public static OpImplementations onClassPath() {
    try {
      return of(
          ServiceLoader.load(OpImplementation.class, OpImplementations.class.getClassLoader()));
    } catch (ServiceConfigurationError e) {
      throw new SluiceException(
          ErrorCode.VART_RUNNER_CONSTRUCTION_FAIL,
          "implementations of custom ops cannot be loaded: " + e.getMessage(),
          "class path",
          "correct the file META-INF/services/" + OpImplementation.class.getName(),
          e);
    }
  }

  static OpImplementations of(Iterable<OpImplementation> all) {
    Map<String, OpImplementation> found = new TreeMap<>();
    for (OpImplementation each : all) {
      OpImplementation other = found.put(each.type(), each);
      if (other != null) {
        throw new SluiceException(
            ErrorCode.XIR_MULTI_REGISTERED_OP,
            "two implementations of op type '" + each.type() + "'",
            other.getClass().getName() + " and " + each.getClass().getName(),
            "leave one on the class path");
      }
    }
    return new OpImplementations(found);
  }

  /**
   * An op with its implementation.
   *
   * @throws SluiceException ONNX_UNSUPPORTED_OP if its type has none
   */
  public CustomStep bind(Op op) {
    OpImplementation implementation = byType.get(op.type());
    if (implementation == null) {
      throw new SluiceException(
          ErrorCode.ONNX_UNSUPPORTED_OP,
          "op type '"
              + op.type()
              + "' has no form in ONNX and no implementation; there are some of "
              + byType.keySet(),
          "op '" + op.name() + "'",
          "put a class on the class path that implements "
              + OpImplementation.class.getName()
              + " for the type '"
              + op.type()
              + "' and is named in META-INF/services");
    }
    return new CustomStep(op, implementation);
  }
}
