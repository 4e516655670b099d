package io.sluice.xrm.alloc;

import io.sluice.error.ErrorCode;
import java.util.List;
import java.util.Optional;

/** Places requests of every kind that were checked, and says why one cannot be placed. */
final class Granter {
  private final Books books;
  private final Finder finder;
  private final ListPlacer placer;
  private final DeviceControl control;
  private final Diagnosis diagnosis;

  Granter(Books books, Finder finder, ListPlacer placer, DeviceControl control) {
    this.books = books;
    this.finder = finder;
    this.placer = placer;
    this.control = control;
    this.diagnosis = new Diagnosis(books, finder);
  }

  /** The channels that were opened; empty if not all could be had, and then nothing is changed. */
  Optional<List<Channel>> place(long client, long service, Request request) {
    if (request instanceof UnitRequest unit) {
      return finder.find(client, unit).map(found -> open(client, service, found, unit));
    } else if (request instanceof ListRequest list) {
      return list(client, service, list);
    } else if (request instanceof GroupRequest group) {
      return options(group).stream()
          .map(option -> list(client, service, option))
          .flatMap(Optional::stream)
          .findFirst();
    } else if (request instanceof LoadingRequest loading) {
      return loading(client, service, loading);
    } else if (request instanceof CardRequest card) {
      return card(client, service, card);
    }
    throw new IllegalArgumentException("request " + request);
  }

  private List<Channel> open(long client, long service, Unit unit, UnitRequest request) {
    ChannelClaims claims = new ChannelClaims(books, client, service, 1);
    claims.take(0, unit, request);
    return claims.channels();
  }

  private Optional<List<Channel>> list(long client, long service, ListRequest list) {
    ChannelClaims claims = new ChannelClaims(books, client, service, list.units().size());
    return placer.place(client, list, claims) ? Optional.of(claims.channels()) : Optional.empty();
  }

  private List<ListRequest> options(GroupRequest request) {
    List<ListRequest> options = books.groups.get(request.group()).options();
    return request.poolId() == 0
        ? options
        : options.stream().map(option -> option.fromPool(request.poolId())).toList();
  }

  private Optional<List<Channel>> loading(long client, long service, LoadingRequest request) {
    Optional<Unit> loaded = finder.find(client, request.unit());
    if (loaded.isPresent()) {
      return Optional.of(open(client, service, loaded.get(), request.unit()));
    }
    return control
        .bring(request.image())
        .result()
        .flatMap(device -> finder.among(device.units, client, request.unit()))
        .map(unit -> open(client, service, unit, request.unit()));
  }

  private Optional<List<Channel>> card(long client, long service, CardRequest request) {
    Optional<Device> idle =
        books.idleWith(request.image().uuid()).stream().findFirst().map(books.devices::get);
    return idle.or(() -> control.bring(request.image()).result())
        .map(
            device -> {
              ChannelClaims claims = new ChannelClaims(books, client, service, device.units.size());
              for (Unit unit : device.units) {
                UnitRequest whole = UnitRequest.of(Selector.unit(unit.spec.name()), Load.whole());
                claims.take(unit.index, unit, whole);
              }
              return claims.channels();
            });
  }

  /** Why a request that was just refused was. */
  <T> Reply<T> explain(long client, Request request) {
    if (request instanceof UnitRequest unit) {
      return diagnosis.ofUnit(client, unit);
    } else if (request instanceof ListRequest list) {
      return diagnosis.ofList(client, list);
    } else if (request instanceof GroupRequest group) {
      return diagnosis.ofGroup(client, group.group(), options(group));
    }
    Image image =
        request instanceof LoadingRequest loading
            ? loading.image()
            : ((CardRequest) request).image();
    boolean fits = books.devices.stream().anyMatch(device -> image.fits(device.spec.shell()));
    return Reply.refuse(
        ErrorCode.XRM_ERROR_NO_DEV,
        fits ? Reason.BUSY : Reason.WRONG_SHELL,
        fits
            ? "no empty or idle device for image " + image.name()
            : "no device has the platform '" + image.shell() + "' of image " + image.name());
  }
}
