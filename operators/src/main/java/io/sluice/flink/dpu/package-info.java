/**
 * DPU nodes of a pipeline: how requests are spread over slots, wait by priority and deadline, are
 * batched and dispatched on leased compute units in virtual or paced time, and what is in flight
 * when a checkpoint is taken. Who leases a unit to whom is decided in {@code io.sluice.flink.xrm};
 * what a DPU computes in {@code io.sluice.dpu.exact}.
 */
package io.sluice.flink.dpu;
