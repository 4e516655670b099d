package io.sluice.flink;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;

/**
 * The work of one stage. Each subtask has its own copy, which one thread uses; what it needs beyond
 * its configuration it makes in {@link #open}.
 */
public interface PacketKernel extends Serializable, AutoCloseable {
  /** Called once before the first packet. */
  default void open() {}

  /** Whether this stage has work with the packet; the others are handed on as they are. */
  boolean takes(Packet packet);

  /**
   * Does the work.
   *
   * @return what goes to the next stage; never empty, for every request must reach the end
   * @throws RuntimeException the packet fails with it; the stream goes on
   * @throws IOException as well
   */
  List<Packet> apply(Packet packet) throws IOException;

  /** Called once after the last packet. */
  @Override
  default void close() {}
}
