package io.sluice.xrm.alloc;

/**
 * What a holder shows to renew or release: its own id, the service, and the life of the allocator
 * that granted it. After a restore only leases of the new epoch are good.
 */
public record LeaseId(long client, long service, long epoch) {}
