/**
 * XRM's resource manager as a state machine: who may use how much of which compute unit.
 * Deterministic, without threads and without a clock of its own: time comes in with the calls, in
 * nanoseconds, and never goes back.
 *
 * <p>{@link io.sluice.xrm.alloc.Allocator} is the way in. Devices are added, get an {@link
 * io.sluice.xrm.alloc.Image} and with it units; clients connect; a client asks for a {@link
 * io.sluice.xrm.alloc.Request} and gets an {@link io.sluice.xrm.alloc.Allocation}, a lease on one
 * or more {@link io.sluice.xrm.alloc.Channel}s under one service id:
 *
 * <ul>
 *   <li>{@link io.sluice.xrm.alloc.UnitRequest}: a share of one unit, by kernel, alias, unit name
 *       or fingerprint ({@link io.sluice.xrm.alloc.Selector}), in percent or millionths ({@link
 *       io.sluice.xrm.alloc.Load}), by a {@link io.sluice.xrm.alloc.Policy}, on a device ({@link
 *       io.sluice.xrm.alloc.DeviceConstraint}), alone on its device or not;
 *   <li>{@link io.sluice.xrm.alloc.ListRequest}: several, all or none;
 *   <li>{@link io.sluice.xrm.alloc.GroupRequest}: the first of the lists declared as a {@link
 *       io.sluice.xrm.alloc.Group} that can be had;
 *   <li>{@link io.sluice.xrm.alloc.LoadingRequest}: one unit, with an image to load for it;
 *   <li>{@link io.sluice.xrm.alloc.CardRequest}: all of a device.
 * </ul>
 *
 * <p>A {@link io.sluice.xrm.alloc.PoolRequest} sets capacity aside; requests with its id draw from
 * it and from nothing else. A lease ends when it is released, when its term is over and nobody
 * renewed it, when its client disconnects, or when one of its devices goes offline. The state goes
 * out and in as an {@link io.sluice.xrm.alloc.AllocatorState}; after a restore all leases are of a
 * new epoch, and what shows an old one is refused.
 *
 * <p>{@link io.sluice.xrm.alloc.WaitingRoom} is for those who would rather wait than be refused: a
 * {@link io.sluice.xrm.alloc.Wish} gets a ticket, and after every change of the allocator its
 * {@code serve} says which tickets are granted, in shares among tenants, or over time. Who holds a
 * lease asks there, rather than renew it, whether it should yield to another tenant.
 *
 * <p>Every answer is a {@link io.sluice.xrm.alloc.Reply}: a value, or XRM's code with a {@link
 * io.sluice.xrm.alloc.Reason} of ours. XRM's -21 and -33 have no cause here, for there is no
 * connection and no driver to hold an image. -5 is returned where XRM itself answers -4.
 *
 * <p>A grant costs the logarithm of the fleet and, by device, the units of one device. Looking at
 * everything is left to what says so: a refusal, which explains itself; a count; lists that must
 * share a device in a full fleet. XRM's limits ({@link io.sluice.xrm.alloc.Api}) bound a request,
 * not the fleet.
 */
package io.sluice.xrm.alloc;
