/**
 * Dispatchers of a fleet as a Flink job, for benchmarks: requests are small records without
 * tensors, so a fleet of thousands of units fits a laptop. What a dispatcher does is in {@code
 * io.sluice.dispatch}. Dispatchers own the cards of their hosts; units that are leased and revoked,
 * and tensors, are in {@code io.sluice.flink.dpu}.
 */
package io.sluice.flink.dispatch;
