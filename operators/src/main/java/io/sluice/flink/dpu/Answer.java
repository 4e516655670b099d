package io.sluice.flink.dpu;

import io.sluice.flink.Packet;

/**
 * What a request became.
 *
 * @param packet its result, or the packet with the reason of its failure
 * @param requestBytes what the request held
 * @param atNs when it leaves, in the job's time
 */
record Answer(Packet packet, long requestBytes, long atNs) {
  Answer at(long ns) {
    return new Answer(packet, requestBytes, ns);
  }
}
