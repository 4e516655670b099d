package io.sluice.dispatch;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.fleet.Card;
import io.sluice.fleet.ComputeUnit;
import io.sluice.fleet.Fleet;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A fleet with its dispatchers: one for each host, or one for all. Dispatchers know nothing of each
 * other, so what each does is the same wherever it runs.
 *
 * @param fleet the cards, and what goes wrong with them when
 * @param networks that requests are for, 1 or more
 * @param settings of all dispatchers
 * @param perHost whether each host has a dispatcher of its own
 */
public record DispatchPlan(
    Fleet fleet, List<Network> networks, DispatchSettings settings, boolean perHost)
    implements Serializable {
  /** No plan has more networks. */
  public static final int MAX_NETWORKS = 64;

  /**
   * @throws SluiceException SLUICE_USAGE for too few or too many networks
   */
  public DispatchPlan {
    networks = List.copyOf(networks);
    if (networks.isEmpty() || networks.size() > MAX_NETWORKS) {
      throw new SluiceException(
          ErrorCode.SLUICE_USAGE,
          networks.size() + " networks",
          "fleet '" + fleet.name() + "'",
          "use 1 to " + MAX_NETWORKS);
    }
  }

  /** The same with other settings. */
  public DispatchPlan with(DispatchSettings other) {
    return new DispatchPlan(fleet, networks, other, perHost);
  }

  /** The units that none of the networks is compiled for: they have nothing to do. */
  public List<ComputeUnit> idleUnits() {
    return fleet.units().stream()
        .filter(u -> networks.stream().allMatch(n -> n.variantFor(u.fingerprint()).isEmpty()))
        .toList();
  }

  /** How many dispatchers there are. */
  public int dispatchers() {
    return perHost ? fleet.hosts().size() : 1;
  }

  /** The layouts of all dispatchers, in order. */
  private List<Layout> layouts() {
    Map<String, List<Integer>> members = new LinkedHashMap<>();
    Map<String, List<Integer>> units = new LinkedHashMap<>();
    int unit = 0;
    for (int c = 0; c < fleet.cards().size(); c++) {
      Card card = fleet.cards().get(c);
      String group = perHost ? card.host() : "";
      members.computeIfAbsent(group, g -> new ArrayList<>()).add(c);
      for (int u = 0; u < card.units().size(); u++) {
        units.computeIfAbsent(group, g -> new ArrayList<>()).add(unit++);
      }
    }
    List<Layout> layouts = new ArrayList<>();
    members.forEach(
        (group, cards) ->
            layouts.add(
                new Layout(
                    fleet,
                    cards,
                    units.get(group).stream().mapToInt(Integer::intValue).toArray(),
                    networks)));
    return layouts;
  }

  /** What each dispatcher could do, in order: for how large a share of requests it is good. */
  public List<Capacity> capacities() {
    return layouts().stream().map(layout -> Capacity.of(layout, settings)).toList();
  }

  /**
   * Makes dispatchers.
   *
   * @param wanted numbers, from 0
   * @param stride by how much the id of a client's next request is higher; 0 if there are none
   * @param outcomes gets the end of every request
   * @return by number
   * @throws SluiceException VART_DEVICE_MISMATCH if no unit of one runs one of the networks
   */
  public Map<Integer, Dispatcher> make(
      List<Integer> wanted, long stride, Consumer<Outcome> outcomes) {
    List<Layout> layouts = layouts();
    Map<Integer, Dispatcher> made = new LinkedHashMap<>();
    for (int number : wanted) {
      made.put(number, new Dispatcher(number, layouts.get(number), settings, stride, outcomes));
    }
    return made;
  }
}
