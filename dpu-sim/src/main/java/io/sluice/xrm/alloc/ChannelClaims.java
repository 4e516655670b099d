package io.sluice.xrm.alloc;

import java.util.Arrays;
import java.util.List;

/** Opens a channel for each unit of a service. */
final class ChannelClaims extends Claims {
  private final Books books;
  private final long client;
  private final long service;
  private final Channel[] channels;

  ChannelClaims(Books books, long client, long service, int size) {
    this.books = books;
    this.client = client;
    this.service = service;
    this.channels = new Channel[size];
  }

  @Override
  Runnable book(int place, Unit unit, UnitRequest request) {
    int load = request.millionths();
    int number = unit.nextChannel();
    Device device = unit.device;
    books.open(unit, client, number, service, load, request.poolId());
    long exclusiveBefore = device.exclusiveClient;
    if (request.exclusive()) {
      books.setExclusive(device, client);
    }
    channels[place] =
        new Channel(
            device.id,
            unit.index,
            device.spec.name(),
            unit.spec,
            device.image.orElseThrow().uuid(),
            number,
            load,
            request.poolId());
    return () -> {
      if (request.exclusive()) {
        books.setExclusive(device, exclusiveBefore);
      }
      books.close(unit, client, number, load, request.poolId());
    };
  }

  /** In the order of the list, when all are taken. */
  List<Channel> channels() {
    return Arrays.asList(channels);
  }
}
