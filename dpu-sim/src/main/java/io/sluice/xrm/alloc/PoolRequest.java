package io.sluice.xrm.alloc;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What to set aside, all or nothing (XRM's CuPoolProperty): whole devices first, then whole devices
 * with an image, then copies of a list.
 *
 * @param api whose limits hold
 * @param devices ids of devices to take whole, V2 only; each loaded and idle
 * @param imageUuid the image of {@code images} further devices
 * @param images how many devices with that image to take whole
 * @param list what to take {@code lists} times; neither exclusive nor from another reservation
 * @param lists how often
 */
public record PoolRequest(
    Api api,
    List<Integer> devices,
    String imageUuid,
    int images,
    Optional<ListRequest> list,
    int lists) {
  public PoolRequest {
    Objects.requireNonNull(api, "api");
    devices = List.copyOf(devices);
    Objects.requireNonNull(imageUuid, "imageUuid");
    Objects.requireNonNull(list, "list");
  }

  /** Copies of a list. */
  public static PoolRequest lists(int lists, ListRequest list) {
    return new PoolRequest(list.api(), List.of(), "", 0, Optional.of(list), lists);
  }

  /** Whole devices with an image. */
  public static PoolRequest images(int images, String uuid) {
    return new PoolRequest(Api.V2, List.of(), uuid, images, Optional.empty(), 0);
  }

  /** Whole devices. */
  public static PoolRequest devices(List<Integer> ids) {
    return new PoolRequest(Api.V2, ids, "", 0, Optional.empty(), 0);
  }
}
