package io.sluice.xrm.alloc;

import io.sluice.error.ErrorCode;
import java.util.Optional;

/**
 * What is wrong with a request whatever the fleet looks like, and whether what it names is there.
 * Empty when nothing is.
 */
final class RequestCheck {
  private final Books books;

  RequestCheck(Books books) {
    this.books = books;
  }

  static Optional<Reply<Void>> malformed(String detail) {
    return invalid(Reason.MALFORMED, detail);
  }

  static Optional<Reply<Void>> invalid(Reason reason, String detail) {
    return Optional.of(Reply.refuse(ErrorCode.XRM_ERROR_INVALID, reason, detail));
  }

  Optional<Reply<Void>> check(Request request) {
    if (request instanceof UnitRequest unit) {
      return unit(unit, false);
    } else if (request instanceof ListRequest list) {
      return list(list, false);
    } else if (request instanceof GroupRequest group) {
      return group(group);
    } else if (request instanceof LoadingRequest loading) {
      return loading(loading);
    }
    return Optional.empty();
  }

  private Optional<Reply<Void>> unit(UnitRequest request, boolean inList) {
    if (request.load().unified().isEmpty()) {
      return malformed(
          request.load()
              + ": give either percent, 1 to 100, or millionths, 1 to "
              + Load.WHOLE
              + ", and leave the other 0");
    }
    if (request.selector().isMalformed()) {
      return malformed(request.selector() + ": give a kernel, alias, unit name or fingerprint");
    }
    if (request.poolId() != 0 && !books.pools.containsKey(request.poolId())) {
      return invalid(Reason.UNKNOWN, "there is no reservation " + request.poolId());
    }
    int index = request.device().index();
    return switch (request.device().kind()) {
      case ANY -> Optional.empty();
      case HARDWARE ->
          books.device(index).isPresent()
              ? Optional.empty()
              : invalid(Reason.UNKNOWN, "there is no device " + index);
      case VIRTUAL ->
          inList && index >= 0
              ? Optional.empty()
              : malformed("virtual device " + index + ": only units of a list have one, from 0 on");
    };
  }

  private Optional<Reply<Void>> list(ListRequest list, boolean ofPool) {
    int size = list.units().size();
    if (size == 0) {
      return malformed("a list of no units");
    }
    if (size > list.api().maxListUnits()) {
      return invalid(
          Reason.LIMIT,
          "a list of " + size + " units; " + list.api() + " takes " + list.api().maxListUnits());
    }
    for (UnitRequest unit : list.units()) {
      Optional<Reply<Void>> wrong = unit(unit, true);
      if (wrong.isPresent()) {
        return wrong;
      }
      if (list.api() == Api.V1 && !unit.isV1()) {
        return malformed("V1 knows no constraints on devices and banks and no policies");
      }
      if (list.sameDevice() && unit.device().kind() != DeviceConstraint.Kind.ANY) {
        return malformed("a list on one device with a constraint on the device of a unit");
      }
      if (ofPool && (unit.exclusive() || unit.poolId() != 0)) {
        return malformed(
            "a reserved list is neither exclusive nor from a reservation; take devices whole");
      }
    }
    return Optional.empty();
  }

  private Optional<Reply<Void>> group(GroupRequest request) {
    if (!books.groups.containsKey(request.group())) {
      return invalid(Reason.UNKNOWN, "no group '" + request.group() + "' is declared");
    }
    if (request.poolId() != 0 && !books.pools.containsKey(request.poolId())) {
      return invalid(Reason.UNKNOWN, "there is no reservation " + request.poolId());
    }
    return Optional.empty();
  }

  private Optional<Reply<Void>> loading(LoadingRequest request) {
    UnitRequest unit = request.unit();
    if (unit.poolId() != 0 || unit.device().kind() != DeviceConstraint.Kind.ANY) {
      return malformed("a request that may load has neither a reservation nor a device");
    }
    Optional<Reply<Void>> wrong = unit(unit, false);
    if (wrong.isPresent()) {
      return wrong;
    }
    boolean has =
        request.image().units().stream()
            .anyMatch(spec -> unit.selector().matches(spec, request.image().uuid()));
    return has
        ? Optional.empty()
        : Optional.of(
            Reply.refuse(
                ErrorCode.XRM_ERROR_NO_KERNEL,
                Reason.NO_SUCH_KERNEL,
                "image " + request.image().name() + " has no " + unit.selector()));
  }

  Optional<Reply<Void>> declaration(Group group) {
    if (group.name().isEmpty() || group.name().length() > UnitSpec.MAX_NAME) {
      return malformed("a group name of " + group.name().length() + " characters");
    }
    if (books.groups.containsKey(group.name())) {
      return invalid(Reason.DECLARED_TWICE, "group '" + group.name() + "' is declared already");
    }
    if (books.groups.size() >= group.api().maxGroups()) {
      return invalid(
          Reason.LIMIT, books.groups.size() + " groups; " + group.api() + " takes no more");
    }
    int options = group.options().size();
    if (options == 0 || options > Api.MAX_OPTIONS) {
      return invalid(
          options == 0 ? Reason.MALFORMED : Reason.LIMIT,
          "a group of " + options + " options; give 1 to " + Api.MAX_OPTIONS);
    }
    for (ListRequest option : group.options()) {
      Optional<Reply<Void>> wrong = list(option, false);
      if (wrong.isPresent()) {
        return wrong;
      }
      if (option.api() != group.api()
          || option.units().stream()
              .anyMatch(u -> u.selector().unit().isEmpty() || u.poolId() != 0)) {
        return malformed(
            "options name each unit as kernel:instance, follow the version of their group and"
                + " leave the reservation to the request");
      }
    }
    return Optional.empty();
  }

  Optional<Reply<Void>> pool(PoolRequest request) {
    int devices = request.devices().size();
    if (devices > Api.MAX_POOL_DEVICES || request.images() > Api.MAX_POOL_DEVICES) {
      return invalid(
          Reason.LIMIT,
          devices
              + " devices and "
              + request.images()
              + " images; the limit of each is "
              + Api.MAX_POOL_DEVICES);
    }
    boolean isEmpty = devices == 0 && request.images() == 0 && request.lists() == 0;
    if (isEmpty
        || request.images() < 0
        || request.lists() < 0
        || request.lists() > 0 != request.list().isPresent()
        || request.images() > 0 == request.imageUuid().isEmpty()
        || (request.api() == Api.V1 && devices > 0)
        || request.devices().stream().distinct().count() < devices) {
      return malformed(
          "a reservation of "
              + devices
              + " devices, "
              + request.images()
              + " images '"
              + request.imageUuid()
              + "' and "
              + request.lists()
              + " lists");
    }
    for (int id : request.devices()) {
      if (books.device(id).isEmpty()) {
        return invalid(Reason.UNKNOWN, "there is no device " + id);
      }
    }
    return request.list().flatMap(list -> poolList(request, list));
  }

  private Optional<Reply<Void>> poolList(PoolRequest request, ListRequest list) {
    long units = (long) request.lists() * list.units().size();
    if (request.lists() > Api.MAX_POOL_LISTS || units > Api.MAX_POOL_UNITS) {
      return invalid(
          Reason.LIMIT,
          request.lists()
              + " lists of "
              + units
              + " units in all; the limits are "
              + Api.MAX_POOL_LISTS
              + " and "
              + Api.MAX_POOL_UNITS);
    }
    return list.api() == request.api()
        ? list(list, true)
        : malformed("a " + list.api() + " list in a " + request.api() + " reservation");
  }
}
