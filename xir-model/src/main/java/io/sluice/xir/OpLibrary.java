package io.sluice.xir;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The op types that a graph may use. */
public final class OpLibrary {
  private final Map<String, OpDef> defs = new LinkedHashMap<>();

  /** A library with the built-in ops of XIR. */
  public static OpLibrary builtIn() {
    return new OpLibrary();
  }

  /** Adds a definition. */
  public void register(OpDef def) {
    defs.put(def.type(), def);
  }

  /**
   * @throws SluiceException XIR_UNREGISTERED_OP if there is none of this type
   */
  public OpDef get(String type) {
    OpDef def = defs.get(type);
    if (def == null) {
      throw new SluiceException(
          ErrorCode.XIR_UNREGISTERED_OP,
          "unknown op type '" + type + "'",
          "op library",
          "register it");
    }
    return def;
  }

  Map<String, List<Op>> ordered(String type, Map<String, List<Op>> inputs) {
    Map<String, List<Op>> ordered = new LinkedHashMap<>();
    for (OpDef.ArgDef arg : get(type).args()) {
      ordered.put(arg.name(), inputs.getOrDefault(arg.name(), List.of()));
    }
    return ordered;
  }

  OpDef.Inferred check(Op op, Tensor declared) {
    return op.def().inference().infer(op);
  }
}
