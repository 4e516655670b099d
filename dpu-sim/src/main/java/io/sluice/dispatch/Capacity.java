package io.sluice.dispatch;

import java.io.Serializable;

/**
 * What parts of a dispatcher's hardware allow at most, in requests a second, networks in equal
 * shares, batches full, all units active, no card dead. Modelled, without a simulation: the least
 * of these bounds the throughput.
 *
 * @param images that all units take at once, of those that run a network
 * @param devicePerSecond all units together
 * @param devicePerSecondAlone the same if no unit shared its card's memory
 * @param linkPerSecond all links to and from cards together
 * @param pciePerSecond all hosts' links together
 * @param hostPerSecond all threads of hosts together; infinite without work for them
 * @param longestNs the longest time of a full batch
 */
public record Capacity(
    int images,
    double devicePerSecond,
    double devicePerSecondAlone,
    double linkPerSecond,
    double pciePerSecond,
    double hostPerSecond,
    long longestNs)
    implements Serializable {
  static Capacity of(Layout layout, DispatchSettings settings) {
    double device = 0;
    double alone = 0;
    int images = 0;
    double link = 0;
    long longest = 0;
    double[] bytesOfHost = new double[layout.hosts];
    for (int u = 0; u < layout.units; u++) {
      Kind kind = layout.kind(layout.kindOfUnit[u]);
      images += mostAtOnce(layout, kind);
      device += perSecond(layout, kind, kind.key().unitsOnCard());
      alone += perSecond(layout, kind, 1);
      for (int n = 0; n < layout.networks().size(); n++) {
        if (kind.canRun(n)) {
          longest = Math.max(longest, kind.workNs(n, kind.maximumBatch(n)));
        }
      }
    }
    double pcie = 0;
    for (int c = 0; c < layout.cards.size(); c++) {
      double bytes = bytes(layout, layout.kind(layout.kindOfUnit[layout.firstUnit[c]]));
      link += layout.linkBytesPerNs[c] * 1e9 / bytes;
      int host = layout.hostOfCard[c];
      bytesOfHost[host] = Math.max(bytesOfHost[host], bytes);
    }
    int threads = 0;
    for (int h = 0; h < layout.hosts; h++) {
      pcie += layout.pcieBytesPerNs[h] * 1e9 / bytesOfHost[h];
      threads += layout.threadsOfHost[h];
    }
    double host =
        settings.hostNs() == 0 ? Double.POSITIVE_INFINITY : threads * 1e9 / settings.hostNs();
    return new Capacity(images, device, alone, link, pcie, host, longest);
  }

  private static int mostAtOnce(Layout layout, Kind kind) {
    int most = 0;
    for (int n = 0; n < layout.networks().size(); n++) {
      most = Math.max(most, kind.maximumBatch(n));
    }
    return most;
  }

  /** Requests a second of a unit that does the networks that it can in turn. */
  private static double perSecond(Layout layout, Kind kind, int active) {
    double ns = 0;
    int able = 0;
    for (int n = 0; n < layout.networks().size(); n++) {
      int most = kind.maximumBatch(n);
      if (most > 0) {
        ns += (double) kind.timeNs(n, most, active) / most;
        able++;
      }
    }
    return able == 0 ? 0 : able * 1e9 / ns;
  }

  private static double bytes(Layout layout, Kind kind) {
    double most = 1;
    for (int n = 0; n < layout.networks().size(); n++) {
      most = Math.max(most, Math.max(kind.inputBytes(n), kind.outputBytes(n)));
    }
    return most;
  }

  /** The least of all bounds. */
  public double perSecond() {
    return Math.min(
        Math.min(devicePerSecond, hostPerSecond), Math.min(linkPerSecond, pciePerSecond));
  }
}
