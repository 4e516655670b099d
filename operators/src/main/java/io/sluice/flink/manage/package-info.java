/**
 * The resource manager as a service that several jobs share: what clients ask comes in as records,
 * what they are told goes out as records, and time comes with every call. {@link
 * io.sluice.flink.manage.FleetBroker} decides; one operator carries it in a job of its own, another
 * keeps the leases of a job that is its client. Which unit is free is known to {@code
 * io.sluice.xrm.alloc}; how the records travel is known to {@code io.sluice.jobs}.
 */
package io.sluice.flink.manage;
