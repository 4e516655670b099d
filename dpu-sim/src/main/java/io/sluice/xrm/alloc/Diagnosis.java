package io.sluice.xrm.alloc;

import io.sluice.error.ErrorCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Says why a request that was checked cannot be had. Looks at every unit that could matter, which
 * only those pay that are refused.
 */
final class Diagnosis {
  private final Books books;
  private final Finder finder;

  Diagnosis(Books books, Finder finder) {
    this.books = books;
    this.finder = finder;
  }

  /** Why none of the alternatives of a group can be had, by its first. */
  <T> Reply<T> ofGroup(long client, String group, List<ListRequest> options) {
    Reply<T> first = ofList(client, options.get(0));
    return Reply.refuse(
        first.error().orElseThrow(),
        first.reason(),
        "none of " + options.size() + " options of '" + group + "': " + first.detail());
  }

  <T> Reply<T> ofList(long client, ListRequest list) {
    for (int i = 0; i < list.units().size(); i++) {
      UnitRequest alone = list.units().get(i);
      if (alone.device().kind() == DeviceConstraint.Kind.VIRTUAL) {
        alone = alone.on(DeviceConstraint.ANY);
      }
      if (finder.find(client, alone).isEmpty()) {
        Reply<T> why = ofUnit(client, alone);
        return Reply.refuse(
            why.error().orElseThrow(), why.reason(), "unit " + i + " of the list: " + why.detail());
      }
    }
    return Reply.refuse(
        ErrorCode.XRM_ERROR_NO_KERNEL,
        Reason.NOT_TOGETHER,
        "each of the " + list.units().size() + " units is free, but not all together");
  }

  <T> Reply<T> ofUnit(long client, UnitRequest request) {
    Optional<Reply<T>> device = ofDevice(request);
    if (device.isPresent()) {
      return device.get();
    }
    List<Unit> matching = new ArrayList<>();
    boolean otherFingerprint = false;
    boolean closed = false;
    for (Unit unit : candidates(request)) {
      if (request.selector().matches(unit)) {
        if (unit.device.isOpen()) {
          matching.add(unit);
        } else {
          closed = true;
        }
      } else {
        otherFingerprint |=
            unit.spec.fingerprint().isPresent()
                && request
                    .selector()
                    .matchesButFingerprint(unit.spec, unit.device.image.orElseThrow().uuid());
      }
    }
    if (!matching.isEmpty()) {
      return ofMatching(matching, client, request);
    }
    if (closed) {
      return noKernel(Reason.DISABLED, "every " + request.selector() + " is on a drained device");
    }
    return otherFingerprint
        ? noKernel(
            Reason.WRONG_FINGERPRINT, "no " + request.selector() + ", but of other fingerprints")
        : ofNone(request);
  }

  private static <T> Reply<T> noKernel(Reason reason, String detail) {
    return Reply.refuse(ErrorCode.XRM_ERROR_NO_KERNEL, reason, detail);
  }

  private <T> Optional<Reply<T>> ofDevice(UnitRequest request) {
    if (request.device().kind() != DeviceConstraint.Kind.HARDWARE) {
      return Optional.empty();
    }
    Device device = books.devices.get(request.device().index());
    if (device.condition != DeviceCondition.ENABLED) {
      return Optional.of(
          Reply.refuse(
              ErrorCode.XRM_ERROR_NO_DEV,
              Reason.DISABLED,
              "device " + device.id + " is " + device.condition));
    }
    return device.image.isPresent()
        ? Optional.empty()
        : Optional.of(
            Reply.refuse(
                ErrorCode.XRM_ERROR_DEVICE_IS_NOT_LOADED,
                Reason.NOT_LOADED,
                "device " + device.id + " has no image"));
  }

  private Collection<Unit> candidates(UnitRequest request) {
    boolean onDevice = request.device().kind() == DeviceConstraint.Kind.HARDWARE;
    Collection<Unit> units =
        onDevice
            ? books.devices.get(request.device().index()).units
            : books.devices.stream().flatMap(device -> device.units.stream()).toList();
    return request.poolId() == 0
        ? units
        : units.stream().filter(unit -> unit.holdings.containsKey(request.poolId())).toList();
  }

  private <T> Reply<T> ofMatching(List<Unit> matching, long client, UnitRequest request) {
    Unit freest = matching.get(0);
    boolean hasLoad = false;
    boolean isOthers = false;
    for (Unit unit : matching) {
      int free = unit.freeFor(request.poolId());
      if (free > freest.freeFor(request.poolId())) {
        freest = unit;
      }
      if (free >= request.millionths()) {
        hasLoad = true;
        isOthers |= !unit.device.admits(client, request.exclusive());
      }
    }
    String what = matching.size() + " x " + request.selector();
    if (!hasLoad) {
      return noKernel(
          Reason.BUSY,
          what
              + ", the freest (device "
              + freest.device.id
              + " unit "
              + freest.index
              + ") with "
              + freest.freeFor(request.poolId())
              + " of the "
              + request.millionths()
              + " millionths asked for");
    }
    return isOthers
        ? noKernel(Reason.EXCLUSIVE, what + ", but others are on the devices of the free ones")
        : Reply.refuse(
            ErrorCode.XRM_ERROR_NO_CHAN,
            Reason.NO_CHANNEL,
            what + ", those with free load without a free channel");
  }

  /** No loaded unit matches. */
  private <T> Reply<T> ofNone(UnitRequest request) {
    String none = "no " + request.selector();
    if (request.poolId() != 0 || request.device().kind() == DeviceConstraint.Kind.HARDWARE) {
      return noKernel(Reason.NO_SUCH_KERNEL, none + " there");
    }
    if (books.images.values().stream().noneMatch(image -> has(image, request))) {
      return noKernel(Reason.NO_SUCH_KERNEL, none + " in any image");
    }
    boolean away =
        books.devices.stream()
            .anyMatch(
                device ->
                    device.condition != DeviceCondition.ENABLED
                        && device.lastImage.filter(image -> has(image, request)).isPresent());
    return noKernel(
        away ? Reason.DISABLED : Reason.NOT_LOADED,
        none + (away ? ", for its devices are disabled or offline" : " is loaded"));
  }

  private static boolean has(Image image, UnitRequest request) {
    return image.units().stream().anyMatch(spec -> request.selector().matches(spec, image.uuid()));
  }
}
