package io.sluice.dispatch;

import java.io.Serializable;
import java.util.List;

/**
 * How busy what a dispatcher owns was within the measured time, modelled.
 *
 * @param dispatcher its number
 * @param unitIds as the fleet has them
 * @param unitBusyNs of each unit, loading weights included
 * @param cardIds as the fleet has them
 * @param sendBusyNs of the link to each card
 * @param receiveBusyNs of the link from each card
 * @param memoryBytes that units moved to and from the memory of each card
 * @param hosts names
 * @param hostBusyNs of all threads of each host together
 * @param pcieBusyNs of the link to all cards of each host, or from them, whichever was busier
 * @param loads times that weights were loaded
 * @param losses times that a request began again because its card died
 */
public record Usage(
    int dispatcher,
    List<String> unitIds,
    long[] unitBusyNs,
    List<String> cardIds,
    long[] sendBusyNs,
    long[] receiveBusyNs,
    long[] memoryBytes,
    List<String> hosts,
    long[] hostBusyNs,
    long[] pcieBusyNs,
    long loads,
    long losses)
    implements Serializable {}
