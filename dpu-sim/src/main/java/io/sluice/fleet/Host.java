package io.sluice.fleet;

import java.io.Serializable;

/**
 * A machine that cards sit in.
 *
 * @param name as cards give it
 * @param threads that prepare requests for its cards at the same time, 1 or more
 * @param pcieGigabytesPerSecond what all of its cards together can be sent, and can send, in 10^9
 *     bytes a second, more than 0; infinite where boards have no such link
 */
public record Host(String name, int threads, double pcieGigabytesPerSecond)
    implements Serializable {
  /** Of a machine of which the file says nothing. */
  public static final int USUAL_THREADS = 32;

  /** Two processors with 64 lanes of PCIe 3.0 each, as DMA reaches it; an assumption. */
  public static final double USUAL_PCIE_GIGABYTES_PER_SECOND = 96;

  public Host {
    if (threads < 1 || !(pcieGigabytesPerSecond > 0)) {
      throw new IllegalArgumentException(
          "host '" + name + "' with " + threads + " threads, " + pcieGigabytesPerSecond + " GB/s");
    }
  }

  /** A machine of which only the name is known. */
  public static Host usual(String name) {
    return new Host(name, USUAL_THREADS, USUAL_PCIE_GIGABYTES_PER_SECOND);
  }
}
