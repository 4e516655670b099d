package io.sluice.xrm.alloc;

import io.sluice.target.Fingerprint;
import java.util.ArrayList;
import java.util.List;

/** Images, devices and allocators, for tests. */
final class Devices {
  static final Fingerprint DPU = new Fingerprint(0x0101000056010407L);
  static final Fingerprint OTHER_DPU = new Fingerprint(0x0101000016010407L);

  /** Two units of kernel {@code dpu}, one {@code scaler} of two channels at bank 1. */
  static final Image VIDEO =
      new Image(
          "video.xclbin",
          "uuid-video",
          "",
          List.of(
              UnitSpec.dpu("dpu", "dpu_0", DPU).withMaxCapacity(497_664_000),
              UnitSpec.dpu("dpu", "dpu_1", DPU),
              UnitSpec.hardware("scaler", "resize", "scaler_0").withMaxChannels(2).inBank(1)));

  private Devices() {}

  /** So many devices with the image loaded, and client 1. */
  static Allocator loaded(int devices, Image image) {
    Allocator allocator = new Allocator();
    for (int i = 0; i < devices; i++) {
      allocator.load(allocator.addDevice(new DeviceSpec("card-" + i, "shell")), image).value();
    }
    allocator.connect("first", "tenant").value();
    return allocator;
  }

  /** An image of equal DPUs. */
  static Image dpus(int units) {
    List<UnitSpec> specs = new ArrayList<>();
    for (int i = 0; i < units; i++) {
      specs.add(UnitSpec.dpu("dpu", "dpu_" + i, DPU));
    }
    return new Image("dpus.xclbin", "uuid-" + units, "", specs);
  }

  static UnitRequest dpu(int millionths) {
    return UnitRequest.of(Selector.kernel("dpu"), Load.millionths(millionths));
  }

  static UnitRequest scaler(int millionths) {
    return UnitRequest.of(Selector.alias("resize"), Load.millionths(millionths));
  }

  /** Where the channels are: {@code device/unit}. */
  static List<String> places(Allocation allocation) {
    return allocation.channels().stream().map(c -> c.device() + "/" + c.unit()).toList();
  }
}
