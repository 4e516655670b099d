package io.sluice.xrm.alloc;

import static io.sluice.xrm.alloc.Allocation.UNTIL_RELEASED;
import static io.sluice.xrm.alloc.Devices.VIDEO;
import static io.sluice.xrm.alloc.Devices.dpu;
import static io.sluice.xrm.alloc.Devices.places;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Images that are loaded for a request: a unit with an image (xrmCuAllocWithLoad), whole cards. */
class LoadingTest {
  private static final long CLIENT = 1;
  private static final Image DPUS = Devices.dpus(2);
  private static final UnitRequest WHOLE = dpu(1_000_000);
  private static final LoadingRequest DPU = new LoadingRequest(WHOLE, DPUS);
  private static final CardRequest CARD = new CardRequest(DPUS);

  /** Devices of platform {@code shell}, none with an image, and client 1. */
  private static Allocator empty(int devices) {
    Allocator allocator = new Allocator();
    for (int i = 0; i < devices; i++) {
      allocator.addDevice(new DeviceSpec("card-" + i, "shell"));
    }
    allocator.connect("first", "tenant").value();
    return allocator;
  }

  private static Reply<Allocation> ask(Allocator allocator, Request request) {
    return allocator.allocate(0, CLIENT, request, UNTIL_RELEASED);
  }

  private static List<String> take(Allocator allocator, Request request) {
    return places(ask(allocator, request).value());
  }

  private static String image(Allocator allocator, int device) {
    return allocator.device(device).value().image().map(Image::uuid).orElse("none");
  }

  private static void assertRefused(Reply<?> reply, int code, Reason reason) {
    assertThat(reply.code()).as(reply.detail()).isEqualTo(code);
    assertThat(reply.reason()).isEqualTo(reason);
    assertThat(reply.detail()).isNotEmpty();
  }

  private static Image forShell(String shell) {
    return new Image("other.xclbin", "uuid-other", shell, DPUS.units());
  }

  @Test
  void aUnitThatIsThereIsTakenBeforeAnythingIsLoaded() {
    Allocator allocator = empty(2);
    allocator.load(1, DPUS).value();
    assertThat(take(allocator, DPU)).containsExactly("1/0");
    assertThat(take(allocator, DPU)).containsExactly("1/1");
    assertThat(image(allocator, 0)).isEqualTo("none");
  }

  @Test
  void theImageIsLoadedOnTheFirstDeviceWithoutOneWhenNoUnitIsLeft() {
    Allocator allocator = empty(3);
    allocator.load(0, DPUS).value();
    take(allocator, DPU);
    take(allocator, DPU);
    assertThat(take(allocator, DPU)).containsExactly("1/0");
    assertThat(image(allocator, 1)).isEqualTo(DPUS.uuid());
    assertThat(image(allocator, 2)).isEqualTo("none");
  }

  @Test
  void anIdleImageMakesWayOnlyWhenEveryDeviceHasOne() {
    Allocator allocator = empty(2);
    Image scalers = scalers();
    allocator.load(0, scalers).value();
    assertThat(take(allocator, CARD)).containsExactly("1/0", "1/1");
    assertThat(image(allocator, 0)).isEqualTo(scalers.uuid());
    assertThat(take(allocator, DPU)).containsExactly("0/0");
    assertThat(image(allocator, 0)).isEqualTo(DPUS.uuid());
  }

  private static Image scalers() {
    return new Image(
        "scalers.xclbin",
        "uuid-scalers",
        "",
        List.of(UnitSpec.hardware("scaler", "resize", "scaler_0")));
  }

  @Test
  void anImageInUseIsNotUnloaded() {
    Allocator allocator = empty(2);
    allocator.load(0, scalers()).value();
    allocator.load(1, VIDEO).value();
    take(allocator, UnitRequest.of(Selector.unit("scaler:scaler_0"), Load.percent(1)));
    take(allocator, WHOLE);
    take(allocator, WHOLE);
    AllocatorState before = allocator.state();
    assertRefused(ask(allocator, DPU), -3, Reason.BUSY);
    assertRefused(ask(allocator, CARD), -3, Reason.BUSY);
    assertThat(allocator.state()).isEqualTo(before);
    assertRefused(allocator.unload(0), -32, Reason.BUSY);
  }

  @Test
  void whatWasLoadedStaysWhenItsUnitIsReleasedUntilItIsUnloaded() {
    Allocator allocator = empty(1);
    Allocation taken = ask(allocator, DPU).value();
    assertRefused(allocator.unload(0), -32, Reason.BUSY);
    allocator.release(0, taken.id()).value();
    assertThat(image(allocator, 0)).isEqualTo(DPUS.uuid());
    assertThat(allocator.unload(0).value()).isZero();
    assertRefused(allocator.unload(0), -31, Reason.NOT_LOADED);
    assertRefused(ask(allocator, WHOLE), -4, Reason.NOT_LOADED);
    assertThat(take(allocator, DPU)).containsExactly("0/0");
  }

  @Test
  void theSameImageMayBeLoadedTwiceAnotherOneOnlyAfterUnloading() {
    Allocator allocator = empty(1);
    assertThat(allocator.load(Allocator.ANY_DEVICE, DPUS).value()).isZero();
    assertThat(allocator.load(0, DPUS).value()).isZero();
    assertRefused(allocator.load(0, VIDEO), -1, Reason.OTHER_IMAGE);
    assertRefused(allocator.load(Allocator.ANY_DEVICE, VIDEO), -3, Reason.BUSY);
    allocator.unload(0).value();
    assertThat(allocator.load(0, VIDEO).value()).isZero();
  }

  @Test
  void aDisabledDeviceIsUnloadedAndTakesNoImage() {
    Allocator allocator = empty(1);
    allocator.load(0, DPUS).value();
    allocator.disable(0).value();
    assertThat(image(allocator, 0)).isEqualTo("none");
    assertRefused(allocator.load(0, DPUS), -3, Reason.DISABLED);
    assertRefused(ask(allocator, DPU), -3, Reason.BUSY);
    assertRefused(ask(allocator, CARD), -3, Reason.BUSY);
    allocator.enable(0).value();
    assertThat(take(allocator, CARD)).containsExactly("0/0", "0/1");
  }

  @Test
  void anImageIsLoadedOnlyOnItsPlatform() {
    Allocator allocator = empty(1);
    int other = allocator.addDevice(new DeviceSpec("other", "other shell"));
    LoadingRequest request = new LoadingRequest(WHOLE, forShell("other shell"));
    assertThat(take(allocator, request)).containsExactly(other + "/0");
    assertThat(image(allocator, 0)).isEqualTo("none");
    Image nowhere = forShell("third shell");
    assertRefused(ask(allocator, new CardRequest(nowhere)), -3, Reason.WRONG_SHELL);
    assertRefused(allocator.load(0, nowhere), -1, Reason.WRONG_SHELL);
  }

  @Test
  void aUnitThatTheImageDoesNotHaveIsRefusedBeforeAnythingIsLoaded() {
    Allocator allocator = empty(1);
    LoadingRequest request = new LoadingRequest(Devices.scaler(1), DPUS);
    assertRefused(ask(allocator, request), -4, Reason.NO_SUCH_KERNEL);
    assertRefused(
        ask(allocator, new LoadingRequest(WHOLE.on(DeviceConstraint.device(0)), DPUS)),
        -2,
        Reason.MALFORMED);
    assertThat(image(allocator, 0)).isEqualTo("none");
  }

  @Test
  void theLeastLoadedUnitOfThatVeryImageIsTaken() {
    Allocator allocator = empty(2);
    allocator.load(0, VIDEO).value();
    allocator.load(1, DPUS).value();
    take(allocator, dpu(300_000).on(DeviceConstraint.device(1)));
    UnitRequest tenth =
        UnitRequest.of(Selector.kernel("dpu").ofImage(DPUS.uuid()), Load.percent(10));
    LoadingRequest request = new LoadingRequest(tenth.by(Policy.LEAST_LOADED), DPUS);
    assertThat(take(allocator, request)).containsExactly("1/1");
  }

  @Test
  void aCardIsAllItsUnitsWholeUnderOneService() {
    Allocator allocator = empty(1);
    Allocation card = ask(allocator, CARD).value();
    assertThat(places(card)).containsExactly("0/0", "0/1");
    assertThat(card.load()).isEqualTo(2_000_000);
    assertRefused(ask(allocator, dpu(1)), -4, Reason.BUSY);
    allocator.release(0, card.id()).value();
    assertThat(allocator.device(0).value().ratePerMille()).isZero();
  }

  @Test
  void anIdleCardWithTheImageIsTakenBeforeAnotherIsLoaded() {
    Allocator allocator = empty(3);
    allocator.load(1, DPUS).value();
    allocator.load(2, DPUS).value();
    take(allocator, dpu(1));
    assertThat(take(allocator, CARD)).containsExactly("2/0", "2/1");
    assertThat(take(allocator, CARD)).containsExactly("0/0", "0/1");
  }

  @Test
  void aUuidNamesOneImage() {
    Allocator allocator = empty(2);
    take(allocator, CARD);
    Image forged = new Image("forged.xclbin", DPUS.uuid(), "", VIDEO.units());
    assertRefused(allocator.load(1, forged), -2, Reason.MALFORMED);
  }

  @Test
  void howOftenIsCountedWithoutLoadingAnything() {
    Allocator allocator = empty(3);
    AllocatorState before = allocator.state();
    assertThat(allocator.available(CLIENT, DPU, 100).value()).isEqualTo(6);
    assertThat(allocator.available(CLIENT, CARD, 100).value()).isEqualTo(3);
    assertThat(allocator.state()).isEqualTo(before);
  }
}
