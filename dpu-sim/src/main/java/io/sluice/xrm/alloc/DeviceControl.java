package io.sluice.xrm.alloc;

import io.sluice.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Images and conditions of devices. */
final class DeviceControl {
  private static final int MAX_IMAGES = 4096;

  private final Books books;
  private final Leases leases;
  private final Pools pools;

  DeviceControl(Books books, Leases leases, Pools pools) {
    this.books = books;
    this.leases = leases;
    this.pools = pools;
  }

  private static <T> Reply<T> noDevice(Reason reason, String detail) {
    return Reply.refuse(ErrorCode.XRM_ERROR_NO_DEV, reason, detail);
  }

  private static Reply<Integer> closed(Device device) {
    return noDevice(Reason.DISABLED, "device " + device.id + " is " + device.condition);
  }

  Reply<Integer> loadAny(Image image) {
    Optional<Device> free = books.unloadedFor(image);
    return free.isPresent()
        ? load(free.get(), image)
        : noDevice(
            Reason.BUSY, "no enabled device without an image can load image " + image.name());
  }

  Reply<Integer> load(Device device, Image image) {
    if (device.condition != DeviceCondition.ENABLED) {
      return closed(device);
    }
    if (device.image.isPresent()) {
      String loaded = device.image.get().uuid();
      return loaded.equals(image.uuid())
          ? Reply.of(device.id)
          : Reply.refuse(
              ErrorCode.XRM_ERROR,
              Reason.OTHER_IMAGE,
              "device " + device.id + " has image " + loaded);
    }
    if (!image.fits(device.spec.shell())) {
      return Reply.refuse(
          ErrorCode.XRM_ERROR,
          Reason.WRONG_SHELL,
          "image "
              + image.name()
              + " is for '"
              + image.shell()
              + "', device "
              + device.id
              + " has '"
              + device.spec.shell()
              + "'");
    }
    Image known = books.images.get(image.uuid());
    if (known != null && !known.equals(image)) {
      return Reply.refuse(
          ErrorCode.XRM_ERROR_INVALID,
          Reason.MALFORMED,
          "image " + image.uuid() + " is not the one that was loaded before");
    }
    if (known == null && books.images.size() == MAX_IMAGES) {
      return Reply.refuse(
          ErrorCode.XRM_ERROR_INVALID, Reason.LIMIT, MAX_IMAGES + " images are known already");
    }
    books.load(device, image);
    return Reply.of(device.id);
  }

  Reply<Integer> unload(Device device) {
    if (device.image.isEmpty()) {
      return Reply.refuse(
          ErrorCode.XRM_ERROR_DEVICE_IS_NOT_LOADED,
          Reason.NOT_LOADED,
          "device " + device.id + " has no image");
    }
    Optional<Reply<Integer>> busy = busy(device);
    if (busy.isEmpty()) {
      books.unload(device);
    }
    return busy.orElse(Reply.of(device.id));
  }

  private static Optional<Reply<Integer>> busy(Device device) {
    return device.isIdle()
        ? Optional.empty()
        : Optional.of(
            Reply.refuse(
                ErrorCode.XRM_ERROR_DEVICE_IS_BUSY,
                Reason.BUSY,
                "device "
                    + device.id
                    + " is used or reserved by clients "
                    + device.clients.keySet()));
  }

  Reply<Integer> enable(Device device) {
    if (device.condition == DeviceCondition.OFFLINE) {
      return closed(device);
    }
    books.setCondition(device, DeviceCondition.ENABLED);
    return Reply.of(device.id);
  }

  Reply<Integer> disable(Device device) {
    if (device.condition == DeviceCondition.OFFLINE) {
      return closed(device);
    }
    Optional<Reply<Integer>> busy = busy(device);
    if (busy.isPresent()) {
      return busy.get();
    }
    if (device.image.isPresent()) {
      books.unload(device);
    }
    books.setCondition(device, DeviceCondition.DISABLED);
    return Reply.of(device.id);
  }

  Reply<Integer> drain(Device device) {
    if (device.condition == DeviceCondition.OFFLINE
        || device.condition == DeviceCondition.DISABLED) {
      return closed(device);
    }
    books.setCondition(device, DeviceCondition.DRAINING);
    return Reply.of(device.id);
  }

  Released offline(Device device) {
    TreeSet<Long> services = new TreeSet<>();
    device.units.forEach(unit -> services.addAll(unit.channels.values()));
    List<Allocation> ended = new ArrayList<>();
    services.forEach(service -> ended.add(leases.end(service)));
    List<Long> concerned = pools.withdraw(device);
    if (device.image.isPresent()) {
      books.unload(device);
    }
    books.setCondition(device, DeviceCondition.OFFLINE);
    return new Released(ended, concerned);
  }

  Reply<Integer> online(Device device) {
    if (device.condition == DeviceCondition.OFFLINE) {
      books.setCondition(device, DeviceCondition.ENABLED);
    }
    return device.condition == DeviceCondition.ENABLED ? Reply.of(device.id) : closed(device);
  }

  /** An idle or empty device that has or gets an image; for what is allocated with it. */
  Reply<Device> bring(Image image) {
    Optional<Device> empty = books.unloadedFor(image);
    if (empty.isPresent()) {
      return loaded(load(empty.get(), image));
    }
    Optional<Device> idle = books.idleFor(image);
    if (idle.isEmpty()) {
      return noDevice(Reason.BUSY, "no empty or idle device can load image " + image.name());
    }
    Device device = idle.get();
    Image before = device.image.orElseThrow();
    books.unload(device);
    Reply<Device> loaded = loaded(load(device, image));
    if (!loaded.isOk()) {
      books.load(device, before);
    }
    return loaded;
  }

  private Reply<Device> loaded(Reply<Integer> load) {
    return load.isOk() ? Reply.of(books.devices.get(load.value())) : load.refusal();
  }
}
