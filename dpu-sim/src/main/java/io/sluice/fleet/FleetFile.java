package io.sluice.fleet;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.target.Fingerprint;
import io.sluice.target.Platform;
import io.sluice.target.Platforms;
import io.sluice.target.Targets;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads a fleet file: YAML, of which JSON is a part.
 *
 * <pre>
 * name: two boards
 * cards:
 *   - {platform: zcu102, count: 2, host: edge-0}     # ids zcu102-0 and zcu102-1
 *   - {platform: v70, host: rack-1, id: big, linkGigabytesPerSecond: 12}
 *   - {platform: u50lv, count: 16, host: node, perHost: 8, units: 4}   # in node-0 and node-1
 * hosts:                                             # those not listed are as is usual
 *   - {name: rack-1, threads: 64, pcieGigabytesPerSecond: 48}
 * faults:
 *   - {atMs: 1500, card: zcu102-0, event: offline}
 *   - {atMs: 2000, card: big, event: slow, factor: 1.5}
 * </pre>
 */
public final class FleetFile {
  /** No fleet has more cards. */
  public static final int MAX_CARDS = 10_000;

  private static final List<String> EXAMPLES =
      List.of(
          "one-zcu102",
          "two-zcu102",
          "card-loss",
          "eight-u50lv",
          "four-v70",
          "mixed-rack",
          "thousand-cards");
  private static final int MAX_BYTES = 1 << 20;
  private static final double MAX_FACTOR = 1000;
  private static final int MAX_THREADS = 4096;
  private static final double MAX_GIGABYTES_PER_SECOND = 10_000;
  private static final double MIN_GIGABYTES_PER_SECOND = 1e-3;
  private static final double MAX_TIME_MS = 1e12;
  private static final double NS_PER_MS = 1e6;

  private record CardEntry(
      String platform,
      Integer count,
      String host,
      @JsonProperty("perHost") Integer perHost,
      String id,
      Integer units,
      @JsonProperty("linkGigabytesPerSecond") Double linkGigabytesPerSecond) {}

  private record HostEntry(
      String name,
      Integer threads,
      @JsonProperty("pcieGigabytesPerSecond") Double pcieGigabytesPerSecond) {}

  private record FaultEntry(
      @JsonProperty("atMs") Double atMs, String card, String event, Double factor) {}

  private record FileEntry(
      String name, List<CardEntry> cards, List<HostEntry> hosts, List<FaultEntry> faults) {}

  private final String place;
  private final Platforms platforms = Platforms.builtIn();
  private final Targets targets = Targets.builtIn();
  private final Map<String, Card> cards = new HashMap<>();

  private FleetFile(String place) {
    this.place = place;
  }

  /** The fleet that is taken when none is named: two ZCU102 boards in one host. */
  public static Fleet standard() {
    return example("two-zcu102");
  }

  /**
   * A fleet that comes with Sluice.
   *
   * @param name {@code one-zcu102}, {@code two-zcu102}, {@code card-loss}, which is the latter with
   *     one board that dies and comes back, {@code eight-u50lv}, {@code four-v70}, {@code
   *     mixed-rack} or {@code thousand-cards}
   * @throws SluiceException SLUICE_USAGE if there is none of this name
   */
  public static Fleet example(String name) {
    if (!EXAMPLES.contains(name)) {
      throw new SluiceException(
          ErrorCode.SLUICE_USAGE, "no fleet '" + name + "'", "fleets", "use one of " + EXAMPLES);
    }
    String file = name + ".yaml";
    try (InputStream in = FleetFile.class.getResourceAsStream(file)) {
      return read(in, file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @throws SluiceException SLUICE_IO if the file cannot be read, SLUICE_FLEET_INVALID if it says
   *     something that cannot be
   */
  public static Fleet read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return read(in, file.toString());
    } catch (IOException e) {
      throw new SluiceException(
          ErrorCode.SLUICE_IO,
          e.getClass().getSimpleName() + ": " + e.getMessage(),
          "fleet file '" + file + "'",
          "check the path",
          e);
    }
  }

  /**
   * @param name of the source, for errors
   * @throws SluiceException SLUICE_FLEET_INVALID if it says something that cannot be
   * @throws IOException if reading fails
   */
  public static Fleet read(InputStream in, String name) throws IOException {
    FleetFile file = new FleetFile("fleet file '" + name + "'");
    byte[] bytes = in.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw file.bad("it has more than " + MAX_BYTES + " bytes", "use 'count' for equal cards");
    }
    return file.parse(bytes, name);
  }

  private Fleet parse(byte[] bytes, String fileName) throws IOException {
    YAMLMapper mapper =
        YAMLMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
    FileEntry entry;
    try {
      entry = mapper.readValue(bytes, FileEntry.class);
    } catch (JsonProcessingException e) {
      throw bad(
          e.getOriginalMessage() + where(e), "write name, cards and faults as the manual shows");
    }
    if (entry == null || entry.cards == null || entry.cards.isEmpty()) {
      throw bad("it lists no cards", "list at least one card");
    }
    List<Card> all = new ArrayList<>();
    Map<String, Integer> next = new HashMap<>();
    for (CardEntry card : entry.cards) {
      addCards(card, next, all);
    }
    List<FaultEvent> faults = new ArrayList<>();
    if (entry.faults != null) {
      entry.faults.forEach(fault -> faults.add(fault(fault)));
    }
    faults.sort(Comparator.comparingLong(FaultEvent::atNs));
    String fleetName = entry.name == null ? fileName : entry.name;
    Fleet fleet = new Fleet(fleetName, all, hosts(entry.hosts, all), faults);
    checkOrder(fleet);
    return fleet;
  }

  private static String where(JsonProcessingException e) {
    return e.getLocation() == null ? "" : " in line " + e.getLocation().getLineNr();
  }

  private void addCards(CardEntry entry, Map<String, Integer> next, List<Card> all) {
    if (entry == null || entry.platform == null) {
      throw bad("a card without a platform", "name one of " + platformNames());
    }
    if (!platformNames().contains(entry.platform)) {
      throw bad("no platform '" + entry.platform + "'", "name one of " + platformNames());
    }
    int count = entry.count == null ? 1 : entry.count;
    if (count < 1 || count > MAX_CARDS - all.size()) {
      throw bad(
          "count " + count + " of " + entry.platform + " cards after " + all.size() + " others",
          "use 1 to " + MAX_CARDS + " cards in all");
    }
    if (entry.id != null && (count > 1 || entry.id.isBlank())) {
      throw bad(
          "id '" + entry.id + "' for " + count + " cards",
          "give an id to a single card; others are numbered");
    }
    if (entry.perHost != null && (entry.host == null || entry.perHost < 1)) {
      throw bad(
          "perHost " + entry.perHost + " with host '" + entry.host + "'",
          "use 1 or more, and give the host a name, to which numbers are added");
    }
    Platform platform = platforms.byName(entry.platform);
    int unitCount = entry.units == null ? platform.units() : entry.units;
    if (unitCount < 1 || unitCount > platform.units()) {
      throw bad(
          "units " + unitCount + " of a " + platform.name() + ", which has " + platform.units(),
          "use 1 to " + platform.units());
    }
    double link =
        bandwidth(entry.linkGigabytesPerSecond, Links.gigabytesPerSecond(platform), entry.platform);
    Fingerprint fingerprint = targets.byName(platform.target()).fingerprint();
    for (int i = 0; i < count; i++) {
      String id =
          entry.id != null
              ? entry.id
              : entry.platform + "-" + (next.merge(entry.platform, 1, Integer::sum) - 1);
      List<ComputeUnit> units = new ArrayList<>();
      for (int u = 0; u < unitCount; u++) {
        units.add(new ComputeUnit(id + "/dpu" + u, id, u, fingerprint));
      }
      Card card = new Card(id, host(entry, i), platform, units, link);
      if (cards.put(id, card) != null) {
        throw bad("a second card '" + id + "'", "give every card its own id");
      }
      all.add(card);
    }
  }

  private static String host(CardEntry entry, int card) {
    String name = entry.host == null ? "host-0" : entry.host;
    return entry.perHost == null ? name : name + "-" + card / entry.perHost;
  }

  private List<Host> hosts(List<HostEntry> entries, List<Card> all) {
    Map<String, Host> hosts = new LinkedHashMap<>();
    all.forEach(card -> hosts.computeIfAbsent(card.host(), Host::usual));
    Set<String> listed = new HashSet<>();
    for (HostEntry entry : entries == null ? List.<HostEntry>of() : entries) {
      if (entry == null || entry.name == null || !hosts.containsKey(entry.name)) {
        throw bad(
            "a host '" + (entry == null ? null : entry.name) + "' without cards",
            "list hosts that a card names");
      }
      if (!listed.add(entry.name)) {
        throw bad("a second host '" + entry.name + "'", "list every host once");
      }
      int threads = entry.threads == null ? Host.USUAL_THREADS : entry.threads;
      if (threads < 1 || threads > MAX_THREADS) {
        throw bad(threads + " threads of host '" + entry.name + "'", "use 1 to " + MAX_THREADS);
      }
      double pcie =
          bandwidth(entry.pcieGigabytesPerSecond, Host.USUAL_PCIE_GIGABYTES_PER_SECOND, entry.name);
      hosts.put(entry.name, new Host(entry.name, threads, pcie));
    }
    return List.copyOf(hosts.values());
  }

  private double bandwidth(Double given, double usual, String whose) {
    double value = given == null ? usual : given;
    if (!(value >= MIN_GIGABYTES_PER_SECOND && value <= MAX_GIGABYTES_PER_SECOND)) {
      throw bad(
          value + " GB/s of '" + whose + "'",
          "use " + MIN_GIGABYTES_PER_SECOND + " to " + MAX_GIGABYTES_PER_SECOND);
    }
    return value;
  }

  private List<String> platformNames() {
    return platforms.all().stream().map(Platform::name).toList();
  }

  private FaultEvent fault(FaultEntry entry) {
    if (entry == null || entry.atMs == null || entry.card == null || entry.event == null) {
      throw bad("a fault without atMs, card or event", "give all three");
    }
    if (!(entry.atMs >= 0 && entry.atMs <= MAX_TIME_MS)) {
      throw bad("a fault at " + entry.atMs + " ms", "use 0 to " + MAX_TIME_MS);
    }
    if (!cards.containsKey(entry.card)) {
      throw bad("a fault of card '" + entry.card + "', which is not listed", "list the card");
    }
    FaultEvent.Kind kind;
    try {
      kind = FaultEvent.Kind.valueOf(entry.event.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      String kinds =
          Arrays.stream(FaultEvent.Kind.values())
              .map(k -> k.name().toLowerCase(Locale.ROOT))
              .collect(Collectors.joining(", "));
      throw bad("an event '" + entry.event + "'", "use one of " + kinds);
    }
    boolean slow = kind == FaultEvent.Kind.SLOW;
    double factor = entry.factor == null ? 1 : entry.factor;
    if (slow == (entry.factor == null) || !(factor >= 1 && factor <= MAX_FACTOR)) {
      throw bad(
          "factor " + entry.factor + " for event '" + entry.event + "'",
          "give a slow event a factor of 1 to " + MAX_FACTOR + ", and no other event");
    }
    return new FaultEvent(Math.round(entry.atMs * NS_PER_MS), entry.card, kind, factor);
  }

  private void checkOrder(Fleet fleet) {
    Map<String, CardState> states = new HashMap<>();
    fleet.cards().forEach(card -> states.put(card.id(), CardState.ABSENT));
    fleet.cardsAtStart().forEach(card -> states.put(card.id(), CardState.ALIVE));
    for (FaultEvent fault : fleet.faults()) {
      CardState state = states.get(fault.card());
      if (!state.allows(fault.kind())) {
        throw bad(
            fault.kind()
                + " of card '"
                + fault.card()
                + "' at "
                + fault.atNs()
                + " ns while it is "
                + state.condition().name().toLowerCase(Locale.ROOT),
            "add a card once and before all else, and bring it online only after it went offline"
                + " or was drained");
      }
      states.put(fault.card(), state.after(fault));
    }
  }

  private SluiceException bad(String thing, String remedy) {
    return new SluiceException(ErrorCode.SLUICE_FLEET_INVALID, thing, place, remedy);
  }
}
