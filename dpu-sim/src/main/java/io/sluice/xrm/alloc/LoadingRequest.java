package io.sluice.xrm.alloc;

import java.util.Objects;

/**
 * A share of a unit, with an image to load when no unit has it (XRM's xrmCuAllocWithLoad, and
 * xrmCuAllocLeastUsedWithLoad with a selector of that image and {@link Policy#LEAST_LOADED}).
 *
 * @param unit what is wanted; neither from a reservation nor on a given device
 * @param image loaded on the first device without an image, else on the first idle one, instead of
 *     what is there
 */
public record LoadingRequest(UnitRequest unit, Image image) implements Request {
  public LoadingRequest {
    Objects.requireNonNull(unit, "unit");
    Objects.requireNonNull(image, "image");
  }
}
