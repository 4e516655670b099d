package io.sluice.flink.manage;

import static io.sluice.flink.manage.Asks.MS;
import static io.sluice.flink.manage.Asks.event;
import static io.sluice.flink.manage.Asks.release;
import static io.sluice.flink.manage.Asks.request;
import static io.sluice.flink.manage.Asks.texts;
import static io.sluice.flink.manage.Asks.unit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.error.SluiceException;
import io.sluice.fleet.FaultEvent;
import io.sluice.fleet.Fleet;
import io.sluice.schemas.ManagerReply;
import io.sluice.schemas.ManagerRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the manager of two boards of one unit each tells its clients. */
class FleetBrokerTest {
  private static final Fleet FLEET = Asks.fleet("cards: [{platform: kv260, count: 2}]");
  private static final BrokerSettings TERM_1_S = new BrokerSettings(1000 * MS, Map.of());

  private final FleetBroker broker = new FleetBroker(FLEET, TERM_1_S);

  private List<String> ask(long ms, ManagerRequest.Builder request) {
    return texts(broker.ask(ms * MS, request.build()));
  }

  private long grant(String client, String id) {
    return broker.ask(0, unit(client, id).build()).get(0).getService();
  }

  @Test
  void aRequestIsGrantedOrWaitsAndIsGrantedWhenAUnitIsReleased() {
    assertThat(ask(0, unit("a", "1"))).containsExactly("a/1 ok kv260-0/0");
    assertThat(ask(0, unit("a", "2"))).containsExactly("a/2 ok kv260-1/0");
    assertThat(ask(1, unit("b", "1"))).containsExactly("b/1 waiting");
    long first = broker.ask(2 * MS, unit("a", "1").build()).get(0).getService();
    assertThat(texts(broker.ask(3 * MS, release("a", "3", first))))
        .containsExactly("a/3 ok", "b/1 ok kv260-0/0");
  }

  @Test
  void aRequestThatComesAgainIsAnsweredAgainAndNotDoneAgain() {
    long service = grant("a", "1");
    assertThat(grant("a", "1")).isEqualTo(service);
    assertThat(broker.held()).isEqualTo(1);

    ManagerReply released = broker.ask(0, release("a", "2", service)).get(0);
    ManagerReply again = broker.ask(0, release("a", "2", service)).get(0);
    assertThat(Asks.text(again)).isEqualTo(Asks.text(released)).isEqualTo("a/2 ok");
    assertThat(ask(1, unit("a", "1"))).containsExactly("a/1 revoked NONE");
  }

  @Test
  void whatIsNotRenewedServesTheNext() {
    grant("gone", "1");
    grant("stays", "1");
    assertThat(ask(1, unit("next", "1"))).containsExactly("next/1 waiting");
    assertThat(broker.nextNs()).hasValue(1000 * MS);
    ask(900, request("stays", "r", FleetBroker.RENEW));
    ask(900, request("next", "r", FleetBroker.RENEW));
    assertThat(texts(broker.proceedTo(1000 * MS)))
        .containsExactly("gone/1 revoked TIMEOUT", "next/1 ok kv260-0/0");
  }

  @Test
  void aRequestWaitsNoLongerThanItSays() {
    grant("a", "1");
    grant("a", "2");
    ask(0, unit("b", "1").setTimeoutMillis(20));
    assertThat(texts(broker.proceedTo(20 * MS))).containsExactly("b/1 failed TIMEOUT");
    assertThat(ask(20, unit("b", "2").setTimeoutMillis(0))).containsExactly("b/2 failed BUSY");
  }

  @Test
  void whatCannotBeIsRefusedAtOnceWithXrmsCodeAndTheReason() {
    ManagerRequest unknown = request("a", "1", "cuMakeCoffee").build();
    ManagerReply unsupported = broker.ask(0, unknown).get(0);
    assertThat(unsupported.getCode()).isEqualTo(-2);
    assertThat(unsupported.getDetail()).contains("unsupported command cuMakeCoffee");

    ManagerRequest.Builder other = unit("a", "2");
    other.getUnits().get(0).setKernelName("DPUCAHX8H");
    ManagerReply noKernel = broker.ask(0, other.build()).get(0);
    assertThat(noKernel.getCode()).isEqualTo(-4);
    assertThat(noKernel.getReason()).isEqualTo("NO_SUCH_KERNEL");

    ManagerRequest.Builder both = unit("a", "3");
    both.getUnits().get(0).setMillionths(5);
    assertThat(broker.ask(0, both.build()).get(0).getCode()).isEqualTo(-2);
    assertThat(ask(0, release("a", "4", 77))).containsExactly("a/4 failed UNKNOWN");
    assertThat(broker.held()).isZero();
  }

  private List<String> ask(long ms, ManagerRequest request) {
    return texts(broker.ask(ms * MS, request));
  }

  @Test
  void whatWasGrantedOnACardThatDiesMovesAndItsWorkIsLost() {
    grant("a", "1");
    assertThat(texts(broker.befall(MS, event("kv260-0", FaultEvent.Kind.OFFLINE))))
        .containsExactly("a/1 changed kv260-1/0 lost");
    assertThat(texts(broker.befall(MS, event("kv260-1", FaultEvent.Kind.OFFLINE))))
        .containsExactly("a/1 waiting lost");
    assertThat(texts(broker.befall(MS, event("kv260-0", FaultEvent.Kind.ONLINE))))
        .containsExactly("a/1 changed kv260-0/0");
  }

  @Test
  void whatWasGrantedOnACardThatIsDrainedMovesAndItsWorkEndsThere() {
    grant("a", "1");
    ManagerRequest.Builder drain = request("cli", "d", FleetBroker.DRAIN).setDevices(List.of(0));
    assertThat(ask(1, drain)).containsExactly("a/1 changed kv260-1/0", "cli/d ok");
    assertThat(ask(2, unit("b", "1"))).containsExactly("b/1 waiting");
    assertThat(ask(3, request("cli", "e", FleetBroker.ENABLE).setDevices(List.of(0))))
        .containsExactly("b/1 ok kv260-0/0", "cli/e ok");
  }

  @Test
  void aCardThatIsSlowOrResetIsToldToThoseWhoHoldIt() {
    grant("a", "1");
    ManagerReply slow = broker.befall(MS, event("kv260-0", FaultEvent.Kind.SLOW)).get(0);
    assertThat(slow.getUnits().get(0).getSlowFactor()).isEqualTo(2);
    assertThat(texts(broker.befall(MS, event("kv260-0", FaultEvent.Kind.RESET))))
        .containsExactly("a/1 changed kv260-0/0 lost");
  }

  @Test
  void aRestoredManagerTellsAllInANewEpochAndKnowsWhatItWasAsked() {
    long service = grant("a", "1");
    grant("a", "2");
    ask(1, unit("b", "1"));
    FleetBroker restored = FleetBroker.restore(FLEET, TERM_1_S, broker.state(), 500 * MS);

    List<ManagerReply> told = restored.regrant();
    assertThat(texts(told))
        .containsExactly("a/1 changed kv260-0/0", "a/2 changed kv260-1/0", "b/1 waiting");
    assertThat(told).allMatch(reply -> reply.getEpoch() == 2);
    assertThat(texts(restored.ask(500 * MS, unit("a", "1").build())))
        .containsExactly("a/1 ok kv260-0/0");
    ManagerRequest stale =
        request("a", "3", FleetBroker.RELEASE).setService(service).setEpoch(1).build();
    assertThat(texts(restored.ask(500 * MS, stale))).containsExactly("a/3 failed STALE_EPOCH");
    assertThat(restored.nextNs()).hasValue(1500 * MS);
  }

  @Test
  void whoHasMoreThanItsShareGivesUpAUnitWhenItRenews() {
    broker.ask(0, unit("a", "1").setTenant("A").build());
    broker.ask(0, unit("a", "2").setTenant("A").build());
    ask(1, unit("b", "1").setTenant("B"));
    assertThat(ask(2, request("a", "r", FleetBroker.RENEW).setTenant("A")))
        .containsExactly("b/1 ok kv260-0/0", "a/1 waiting", "a/r ok");
    assertThat(ask(3, request("b", "r", FleetBroker.RENEW).setTenant("B")))
        .containsExactly("b/r ok");
  }

  @Test
  void aRequestOfAClientThatWasSilentForItsTermIsNeverGranted() {
    ask(0, unit("dead", "1").setTermMillis(300));
    ask(0, unit("lives", "1"));
    assertThat(ask(0, unit("dead", "2").setTermMillis(300))).containsExactly("dead/2 waiting");
    assertThat(ask(100, unit("next", "1").setTermMillis(300))).containsExactly("next/1 waiting");
    assertThat(broker.nextNs()).hasValue(300 * MS);
    assertThat(texts(broker.proceedTo(300 * MS)))
        .containsExactly("dead/1 revoked TIMEOUT", "dead/2 failed TIMEOUT", "next/1 ok kv260-0/0");
  }

  @Test
  void aWaitEndsWithTheTermOfItsClientAlsoWhenTheManagerIsCalledLater() {
    grant("a", "1");
    grant("b", "1");
    ask(0, unit("silent", "1"));
    ask(900, request("a", "r", FleetBroker.RENEW));
    ask(900, request("b", "r", FleetBroker.RENEW));
    assertThat(texts(broker.proceedTo(5000 * MS)))
        .containsExactly("silent/1 failed TIMEOUT", "a/1 revoked TIMEOUT", "b/1 revoked TIMEOUT");
    assertThat(broker.held() + broker.waiting()).isZero();
  }

  @Test
  void whatAClientHoldsUntilItReleasesItMovesAlsoWhileTheClientIsSilent() {
    ask(0, unit("cli", "1").setTermMillis(-1));
    ask(0, unit("cli", "2").setTermMillis(-1));
    assertThat(ask(0, unit("cli", "3").setTermMillis(-1))).containsExactly("cli/3 waiting");
    assertThat(texts(broker.proceedTo(1000 * MS))).containsExactly("cli/3 failed TIMEOUT");
    assertThat(texts(broker.befall(9000 * MS, event("kv260-0", FaultEvent.Kind.OFFLINE))))
        .containsExactly("cli/1 waiting lost");
    assertThat(texts(broker.befall(20_000 * MS, event("kv260-0", FaultEvent.Kind.ONLINE))))
        .containsExactly("cli/1 changed kv260-0/0");
  }

  @Test
  void aStateKeepsWhoWaitsForHowLongAndInWhichOrder() {
    grant("a", "1");
    grant("a", "2");
    ask(1, unit("b", "1").setTimeoutMillis(400));
    ManagerRequest.Builder both = unit("c", "1");
    both.setName(FleetBroker.ALLOC_LIST)
        .setUnits(List.of(both.getUnits().get(0), both.getUnits().get(0)));
    assertThat(ask(2, both)).containsExactly("c/1 waiting");
    FleetBroker restored = FleetBroker.restore(FLEET, TERM_1_S, broker.state(), 300 * MS);
    assertThat(restored.waiting()).isEqualTo(2);
    assertThat(texts(restored.ask(310 * MS, release("a", "r1", 1))))
        .containsExactly("a/r1 ok", "b/1 ok kv260-0/0");
    assertThat(texts(restored.ask(320 * MS, request("b", "g", FleetBroker.GONE).build())))
        .containsExactly("b/1 revoked UNKNOWN", "b/g ok");
    assertThat(texts(restored.ask(330 * MS, release("a", "r2", 2))))
        .containsExactly("a/r2 ok", "c/1 ok kv260-0/0 kv260-1/0");
  }

  @Test
  void aStateOfAnotherFormatIsRefusedWithTheRemedy() {
    byte[] other =
        new String(broker.state(), StandardCharsets.UTF_8)
            .replace("\"format\":2", "\"format\":1")
            .getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> FleetBroker.restore(FLEET, TERM_1_S, other, 0))
        .isInstanceOf(SluiceException.class)
        .hasMessageContainingAll("SLUICE_RECORD_CORRUPT", "format 1 instead of 2", "start it anew");
  }

  @Test
  void aRequestForManyUnitsIsNotOvertakenForEver() {
    long first = grant("a", "1");
    grant("a", "2");
    ManagerRequest.Builder both = unit("large", "1");
    both.setName(FleetBroker.ALLOC_LIST)
        .setUnits(List.of(both.getUnits().get(0), both.getUnits().get(0)));
    ask(0, both);
    assertThat(texts(broker.ask(300 * MS, release("a", "r1", first)))).containsExactly("a/r1 ok");
    assertThat(ask(310, unit("small", "1"))).containsExactly("small/1 waiting");
    assertThat(texts(broker.ask(320 * MS, request("a", "g", FleetBroker.GONE).build())))
        .containsExactly("a/2 revoked UNKNOWN", "large/1 ok kv260-0/0 kv260-1/0", "a/g ok");
  }
}
