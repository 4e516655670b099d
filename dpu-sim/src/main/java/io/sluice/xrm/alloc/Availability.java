package io.sluice.xrm.alloc;

/** How often a request for one unit could be had one after the other, and what a unit can do. */
final class Availability {
  private Availability() {}

  /** Looks at every unit. What is granted first does not matter, since all take the same load. */
  static int ofUnit(Books books, long client, UnitRequest request, int atMost) {
    long count = 0;
    for (Device device : books.devices) {
      boolean concerned =
          request.device().kind() != DeviceConstraint.Kind.HARDWARE
              || request.device().index() == device.id;
      if (concerned && device.admits(client, request.exclusive())) {
        for (Unit unit : device.units) {
          if (request.selector().matches(unit)) {
            int channels = unit.spec.maxChannels() - unit.channels.size();
            count += Math.min(channels, unit.freeFor(request.poolId()) / request.millionths());
          }
        }
      }
    }
    return (int) Math.min(count, atMost);
  }

  /** Of the first unit that matches; 0 if none does. */
  static long maxCapacity(Books books, Selector selector) {
    return books.devices.stream()
        .flatMap(device -> device.units.stream())
        .filter(selector::matches)
        .findFirst()
        .map(unit -> unit.spec.maxCapacity())
        .orElse(0L);
  }
}
