package io.sluice.flink.dpu;

import io.sluice.xrm.LeaseUpdate;
import java.util.Optional;

/**
 * A unit of a slot as a checkpoint keeps it.
 *
 * @param seat which of the slot's units
 * @param held what it was told last; none if nothing yet
 * @param running what it works on
 */
record SeatState(int seat, Optional<LeaseUpdate> held, Optional<Batch> running) {}
