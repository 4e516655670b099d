package io.sluice.target;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * Why a target cannot run an op.
 *
 * @param rule the id of the rule, e.g. {@code table28.max-pooling.kernel_size}
 * @param limit the limit as it is printed
 * @param values the values of the op and the target that break it
 */
public record BrokenLimit(String rule, String limit, Map<String, Integer> values) {
  /** For example {@code kernel_h * kernel_w <= 431 with kernel_h=21, kernel_w=21}. */
  public String reason() {
    return values.isEmpty()
        ? limit
        : limit
            + " with "
            + values.entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining(", "));
  }
}
