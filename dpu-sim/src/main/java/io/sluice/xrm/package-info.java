/**
 * Who holds which compute unit of a fleet: demands of slots, the leases that answer them, and the
 * state machine between the two. Deterministic, without threads and without a clock of its own:
 * time comes in with every event. How the records travel is not known here.
 *
 * <p>Beside it stands {@code io.sluice.xrm.alloc}, XRM's resource manager. There a client asks for
 * a fixed share and is refused when that is not free; here every slot gets a share at once, the
 * units are divided evenly among however many slots there are, and the shares of all change when
 * one comes or a card dies. Neither is built on the other:
 *
 * <ul>
 *   <li>Slots spread over cards before they spread over the units of a card, which share its
 *       memory. XRM's policies break ties by the lowest device, so they fill a card first; the
 *       order would have to be kept here all the same, and every request name its unit.
 *   <li>A changed share would be a release and a new service for each tenant of the unit.
 *   <li>A unit of XRM has 1,000 channels at most; here one may serve {@link
 *       io.sluice.xrm.LeaseManager#MAX_SLOTS} slots.
 *   <li>A drained card goes on with what was granted on it in XRM, and gives up its slots here; a
 *       card that is reset keeps them here; slow cards, and cards that are not there yet, XRM does
 *       not know.
 * </ul>
 */
package io.sluice.xrm;
