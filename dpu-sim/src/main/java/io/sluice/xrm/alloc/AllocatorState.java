package io.sluice.xrm.alloc;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * All that an {@link Allocator} remembers. As large as the fleet, its clients and what they hold,
 * however long the history.
 *
 * @param epoch of the leases
 * @param nowNs time of the last call, in nanoseconds
 * @param clientLimit how many clients there may be at a time
 * @param lastClient the id given last
 * @param lastService the service given last
 * @param lastPool the reservation made last
 * @param images all that were ever loaded, in the order of their uuids
 * @param devices in the order of their ids
 * @param clients in the order of their ids
 * @param accounts in the order of their tenants
 * @param groups in the order of their names
 * @param pools in the order of their ids
 * @param allocations in the order of their services
 */
public record AllocatorState(
    long epoch,
    long nowNs,
    int clientLimit,
    long lastClient,
    long lastService,
    long lastPool,
    List<Image> images,
    List<DeviceEntry> devices,
    List<ClientEntry> clients,
    List<AccountEntry> accounts,
    List<Group> groups,
    List<PoolEntry> pools,
    List<Allocation> allocations) {
  public AllocatorState {
    images = List.copyOf(images);
    devices = List.copyOf(devices);
    clients = List.copyOf(clients);
    accounts = List.copyOf(accounts);
    groups = List.copyOf(groups);
    pools = List.copyOf(pools);
    allocations = List.copyOf(allocations);
  }

  /** The same fleet when nobody holds anything but reservations. */
  AllocatorState withoutAllocations() {
    List<DeviceEntry> free =
        devices.stream()
            .map(d -> new DeviceEntry(d.spec, d.condition, d.image, d.lastImage, 0))
            .toList();
    return new AllocatorState(
        epoch,
        nowNs,
        clientLimit,
        lastClient,
        lastService,
        lastPool,
        images,
        free,
        clients,
        accounts,
        groups,
        pools,
        List.of());
  }

  /**
   * A device.
   *
   * @param image uuid of what is loaded
   * @param lastImage uuid of what was loaded last
   * @param exclusiveClient who has it alone; 0 for nobody
   */
  public record DeviceEntry(
      DeviceSpec spec,
      DeviceCondition condition,
      Optional<String> image,
      Optional<String> lastImage,
      long exclusiveClient) {
    public DeviceEntry {
      Objects.requireNonNull(spec, "spec");
      Objects.requireNonNull(condition, "condition");
      Objects.requireNonNull(image, "image");
      Objects.requireNonNull(lastImage, "lastImage");
    }
  }

  /** A client; what it holds stands with the reservations and services. */
  public record ClientEntry(long id, String name, String tenant) {
    public ClientEntry {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(tenant, "tenant");
    }
  }

  /**
   * What a tenant has used.
   *
   * @param used load in millionths times nanoseconds, up to the time of the state
   */
  public record AccountEntry(String tenant, double used) {
    public AccountEntry {
      Objects.requireNonNull(tenant, "tenant");
    }
  }

  /** A reservation, and of each of its units how much, in millionths. */
  public record PoolEntry(long id, long client, List<Share> shares) {
    /** A share of a unit, in millionths. */
    public record Share(int device, int unit, int load) {}

    public PoolEntry {
      shares = List.copyOf(shares);
    }
  }
}
