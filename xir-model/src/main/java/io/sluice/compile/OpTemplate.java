package io.sluice.compile;

import io.sluice.xir.Op;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A structure to look for in a graph: an op of a type, some of whose inputs have structures of
 * their own. Inputs that it does not speak of may be anything.
 *
 * @param type of the op that gives the result
 * @param inputs structures of different inputs, in any order
 */
public record OpTemplate(String type, List<OpTemplate> inputs) {
  public OpTemplate {
    inputs = List.copyOf(inputs);
  }

  public static OpTemplate of(String type, OpTemplate... inputs) {
    return new OpTemplate(type, List.of(inputs));
  }

  /** Ops of which each reads the one before, e.g. {@code conv2d, relu, fix}. */
  public static OpTemplate chain(String first, String... others) {
    OpTemplate template = of(first);
    for (String type : others) {
      template = of(type, template);
    }
    return template;
  }

  /** The ops of the structure that ends at an op, inputs first; empty if none does. */
  Optional<Set<Op>> match(Op op) {
    return op.type().equals(type)
        ? match(0, op.allInputs())
            .map(
                found -> {
                  found.add(op);
                  return found;
                })
        : Optional.empty();
  }

  private Optional<Set<Op>> match(int index, List<Op> candidates) {
    if (index == inputs.size()) {
      return Optional.of(new LinkedHashSet<>());
    }
    for (int i = 0; i < candidates.size(); i++) {
      Optional<Set<Op>> here = inputs.get(index).match(candidates.get(i));
      if (here.isPresent()) {
        List<Op> others = new ArrayList<>(candidates);
        others.remove(i);
        Optional<Set<Op>> rest = match(index + 1, others);
        if (rest.isPresent()) {
          here.get().addAll(rest.get());
          return here;
        }
      }
    }
    return Optional.empty();
  }
}
