package io.sluice.xir;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The op types that a graph may use: the built-in ones of XIR, which all libraries share, and
 * custom ones. Not thread-safe while custom ops are being added.
 */
public final class OpLibrary {
  private static final Logger LOG = LoggerFactory.getLogger(OpLibrary.class);

  private final Map<String, OpDef> custom = new TreeMap<>();

  private OpLibrary() {}

  /** A library with the built-in ops of XIR, to which custom ones can be added. */
  public static OpLibrary builtIn() {
    return new OpLibrary();
  }

  /**
   * Adds a custom op.
   *
   * @throws SluiceException XIR_MULTI_REGISTERED_OP if its type is known already,
   *     XIR_OP_DEF_SHAPE_HINT_MISSING if it has neither inputs nor the attributes {@code shape} and
   *     {@code data_type}
   */
  public void register(OpDef def) {
    if (has(def.type())) {
      throw new SluiceException(
          ErrorCode.XIR_MULTI_REGISTERED_OP,
          "a second definition of op type '" + def.type() + "'",
          "op library",
          "give the custom op another type");
    }
    List<String> attrs = def.attrs().stream().map(OpDef.AttrDef::name).toList();
    if (def.args().isEmpty() && !attrs.containsAll(List.of("shape", "data_type"))) {
      throw new SluiceException(
          ErrorCode.XIR_OP_DEF_SHAPE_HINT_MISSING,
          "op type '" + def.type() + "' has no inputs and does not say its own output",
          "op library",
          "declare the attributes 'shape' and 'data_type'");
    }
    custom.put(def.type(), def);
  }

  /** Whether a type is known. */
  public boolean has(String type) {
    return BuiltInOps.BY_TYPE.containsKey(type) || custom.containsKey(type);
  }

  /**
   * @throws SluiceException XIR_UNREGISTERED_OP if there is none of this type
   */
  public OpDef get(String type) {
    OpDef def = BuiltInOps.BY_TYPE.getOrDefault(type, custom.get(type));
    if (def == null) {
      throw new SluiceException(
          ErrorCode.XIR_UNREGISTERED_OP,
          "unknown op type '" + type + "'",
          "op library",
          "correct the type, or define the custom op by a CustomOpDefinitions service");
    }
    return def;
  }

  /** Whether a type is one of XIR's own. */
  public boolean isBuiltIn(String type) {
    return BuiltInOps.BY_TYPE.containsKey(type);
  }

  /** All definitions in the order of their types. */
  public List<OpDef> definitions() {
    Map<String, OpDef> all = new TreeMap<>(BuiltInOps.BY_TYPE);
    all.putAll(custom);
    return List.copyOf(all.values());
  }

  /** The custom definitions in the order of their types. */
  public List<OpDef> customDefinitions() {
    return List.copyOf(custom.values());
  }

  /**
   * The definition of a type: that of the library, else that of {@link CustomOpDefinitions}, else
   * that of a custom op with any number of inputs that says its own output. It is not registered
   * yet.
   */
  OpDef getOrCustom(String type) {
    OpDef plugin = has(type) ? get(type) : PluginOps.find(type);
    return plugin != null
        ? plugin
        : SourceOps.declared(OpDefBuilder.op(type).anyArgs("input", DataType.Kind.FLOAT))
            .annotation("Not an op of XIR.")
            .custom();
  }

  /** The definition of a type by this library or by {@link CustomOpDefinitions}, or null. */
  public OpDef find(String type) {
    return has(type) ? get(type) : PluginOps.find(type);
  }

  /** Registers a definition that {@link #getOrCustom} made up. */
  void adopt(OpDef def) {
    if (!has(def.type())) {
      if (PluginOps.find(def.type()) == null) {
        LOG.warn("op type '{}' is not one of XIR; it is taken as a custom op", def.type());
      }
      register(def);
    }
  }

  /** The arguments in their declared order, absent ones empty. */
  static Map<String, List<Op>> ordered(OpDef def, Map<String, List<Op>> inputs) {
    Map<String, List<Op>> ordered = new LinkedHashMap<>();
    for (OpDef.ArgDef arg : def.args()) {
      ordered.put(arg.name(), inputs.getOrDefault(arg.name(), List.of()));
    }
    return Collections.unmodifiableMap(ordered);
  }

  /** Type and shape of a checked op's output. */
  static OpDef.Inferred infer(Op op, Tensor declared) {
    if (op.def().inference() != null) {
      return op.def().inference().infer(op);
    }
    if (op.attrs().has("shape") && op.attrs().has("data_type")) {
      return SourceOps.asDeclared(new InferenceContext(op));
    }
    if (declared != null) {
      return new OpDef.Inferred(declared.type(), declared.shape());
    }
    throw new InferenceContext(op)
        .fail(
            ErrorCode.XIR_OP_DEF_SHAPE_HINT_MISSING,
            "nothing says the output of this custom op",
            "set its attributes 'shape' and 'data_type'");
  }
}
