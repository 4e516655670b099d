package io.sluice.xrm.alloc;

import java.util.List;
import java.util.Objects;

/**
 * Alternatives under one name, in the order in which they are tried (XRM's user-defined unit
 * group).
 *
 * @param api whose limits and constraints hold
 * @param name unique among the groups declared
 * @param options 1 to {@value Api#MAX_OPTIONS} lists of units, each named by its unit name
 */
public record Group(Api api, String name, List<ListRequest> options) {
  public Group {
    Objects.requireNonNull(api, "api");
    Objects.requireNonNull(name, "name");
    options = List.copyOf(options);
  }
}
