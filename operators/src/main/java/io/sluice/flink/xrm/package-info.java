/**
 * The resource manager as a part of a Flink job: a source that plays the demands and faults of a
 * scenario, the operator that answers them with leases, and the byte formats of both. Who gets what
 * is decided in {@code io.sluice.xrm}; what a slot does with its lease is not known here.
 */
package io.sluice.flink.xrm;
