package io.sluice.cli;

import io.sluice.xir.Attrs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A segment of memory that a DPU program addresses by a register.
 *
 * @param context what it holds: CONST, WORKSPACE, INTERFACE or DATA; empty if the file does not say
 */
record DpuRegister(String name, String context, int sizeBytes) {
  /** The registers that a DPU subgraph names, in the order of their names. */
  static List<DpuRegister> of(Attrs attrs) {
    Map<?, ?> contexts =
        attrs.has("reg_id_to_context_type_v2")
            ? map(attrs, "reg_id_to_context_type_v2")
            : map(attrs, "reg_id_to_context_type");
    List<DpuRegister> registers = new ArrayList<>();
    map(attrs, "reg_id_to_size")
        .forEach(
            (name, size) ->
                registers.add(
                    new DpuRegister(
                        name.toString(),
                        contexts.containsKey(name) ? contexts.get(name).toString() : "",
                        size instanceof Integer bytes ? bytes : 0)));
    return registers;
  }

  private static Map<?, ?> map(Attrs attrs, String name) {
    return attrs.has(name) && attrs.get(name).value() instanceof Map<?, ?> map ? map : Map.of();
  }
}
