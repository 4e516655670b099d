/**
 * Who holds which compute unit of a fleet: demands of slots, the leases that answer them, and the
 * state machine between the two. Deterministic, without threads and without a clock of its own:
 * time comes in with every event. How the records travel is not known here.
 */
package io.sluice.xrm;
