package io.sluice.xrm.alloc;

import java.util.Objects;

/**
 * All units of one device, whole (XRM's xrmLoadAndAllCuAlloc). An idle device that has the image is
 * taken before it is loaded on another.
 *
 * @param image what the device must have, loaded as in {@link LoadingRequest} if need be
 */
public record CardRequest(Image image) implements Request {
  public CardRequest {
    Objects.requireNonNull(image, "image");
  }
}
