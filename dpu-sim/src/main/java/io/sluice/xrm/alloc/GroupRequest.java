package io.sluice.xrm.alloc;

import java.util.Objects;

/**
 * The first option of a declared group that can be had (XRM's CuGroupProperty).
 *
 * @param group its name
 * @param poolId the reservation to draw from; 0 for what is not reserved
 */
public record GroupRequest(String group, long poolId) implements Request {
  public GroupRequest {
    Objects.requireNonNull(group, "group");
  }
}
