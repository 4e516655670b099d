/**
 * Who holds which compute unit of a fleet: demands of slots, the leases that answer them, and the
 * state machine between the two. Deterministic, without threads and without a clock of its own:
 * time comes in with every event. How the records travel is not known here.
 *
 * <p>Beside it stands {@code io.sluice.xrm.alloc}, XRM's resource manager. There a client asks for
 * a fixed share and is refused when that is not free; here every slot gets a share at once, the
 * units are divided evenly among however many slots there are, and the shares of all change when
 * one comes or a card dies. Neither can be said in terms of the other without moving every lease
 * with every slot.
 */
package io.sluice.xrm;
