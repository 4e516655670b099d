package io.sluice.jobs.bench;

import io.sluice.dispatch.Network;
import io.sluice.xir.Graph;
import io.sluice.xir.XModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Networks from files of compiled models. */
public final class NetworkFiles {
  private NetworkFiles() {}

  /**
   * Reads models; those of one name are one network for several targets.
   *
   * @param models each a file, or a name for its network, =, and a file; without one the network
   *     has the name of the model
   * @return in the order in which their names come
   * @throws io.sluice.error.SluiceException as {@link XModel#read(Path)} does, and SLUICE_USAGE if
   *     two models of one network are for one target
   */
  public static List<Network> read(List<String> models) throws IOException {
    Map<String, List<Network.Variant>> variants = new LinkedHashMap<>();
    for (String model : models) {
      int at = model.indexOf('=');
      Graph graph = XModel.read(Path.of(model.substring(at + 1)));
      String name = at < 0 ? graph.name() : model.substring(0, at);
      variants.computeIfAbsent(name, n -> new ArrayList<>()).add(Network.Variant.of(graph));
    }
    List<Network> networks = new ArrayList<>();
    variants.forEach((name, of) -> networks.add(new Network(name, of)));
    return networks;
  }
}
