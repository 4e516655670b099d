package io.sluice.xir;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xir.OpDef.ArgDef;
import io.sluice.xir.OpDef.AttrDef;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Holds an op against its definition: arguments by name and number, attributes by presence, type
 * and length. Attributes that the definition does not name are let through, as compilers add their
 * own to every op.
 */
final class OpChecker {
  private final OpDef def;
  private final String place;

  OpChecker(OpDef def, String place) {
    this.def = def;
    this.place = place;
  }

  void checkArgs(Map<String, List<Op>> inputs) {
    Set<String> known = def.args().stream().map(ArgDef::name).collect(Collectors.toSet());
    for (String name : inputs.keySet()) {
      check(
          known.contains(name),
          ErrorCode.XIR_UNREGISTERED_ARG,
          "unknown argument '" + name + "'",
          "use " + def.args().stream().map(ArgDef::name).toList());
    }
    for (ArgDef arg : def.args()) {
      int count = inputs.getOrDefault(arg.name(), List.of()).size();
      boolean required =
          arg.occurrence() == OpDef.Occurrence.REQUIRED
              || arg.occurrence() == OpDef.Occurrence.REQUIRED_AND_REPEATED;
      boolean single =
          arg.occurrence() == OpDef.Occurrence.REQUIRED
              || arg.occurrence() == OpDef.Occurrence.OPTIONAL;
      check(
          count > 0 || !required,
          ErrorCode.XIR_UNDEFINED_INPUT_ARG,
          "argument '" + arg.name() + "' is missing",
          "give it an op");
      check(
          count <= 1 || !single,
          ErrorCode.XIR_INVALID_ARG_OCCUR,
          "argument '" + arg.name() + "' has " + count + " ops",
          "give it one");
    }
  }

  void checkAttrs(Attrs attrs) {
    for (AttrDef attr : def.attrs()) {
      if (!attrs.has(attr.name())) {
        check(
            !attr.required(),
            ErrorCode.XIR_UNDEFINED_ATTR,
            "attribute '" + attr.name() + "' is missing",
            "set it (" + attr.type() + ")");
        continue;
      }
      AttrValue value = attrs.get(attr.name());
      check(
          value.type() == attr.type(),
          ErrorCode.XIR_VALUE_UNMATCH,
          "attribute '" + attr.name() + "' is " + value.type(),
          "set it as " + attr.type());
      if (value.value() instanceof List<?> list) {
        check(
            attr.listLength() == 0 || list.size() == attr.listLength(),
            ErrorCode.XIR_INVALID_ATTR_OCCUR,
            "attribute '" + attr.name() + "' has " + list.size() + " elements",
            "give it " + attr.listLength());
      }
    }
  }

  private void check(boolean holds, ErrorCode code, String thing, String remedy) {
    if (!holds) {
      throw new SluiceException(code, thing, place, remedy);
    }
  }
}
