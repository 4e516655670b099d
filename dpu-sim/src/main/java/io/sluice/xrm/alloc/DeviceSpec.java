package io.sluice.xrm.alloc;

/**
 * A card as the allocator sees it.
 *
 * @param name of the card, unique in the fleet
 * @param shell the platform on it, XRM's DSA name
 */
public record DeviceSpec(String name, String shell) {
  public DeviceSpec {
    Names.check("device name", name);
    Names.checkOrEmpty("shell", shell);
  }
}
