package io.sluice.flink.dpu;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.flink.Clock;
import io.sluice.flink.Packet;
import io.sluice.xir.TensorData;
import java.math.BigDecimal;
import java.util.Map;

/**
 * Makes requests of packets, and counts what a subtask holds of them: those ahead, whose time has
 * not come, and those that slots hold. A request says how urgent it is in the attributes {@value
 * #PRIORITY} and {@value #DEADLINE}.
 */
final class Admission {
  /** 1 for the most urgent, up to the node's number of priorities; unread if it has but one. */
  static final String PRIORITY = "sluice.priority";

  /** Milliseconds within which a request has to begin at each node that it comes to. */
  static final String DEADLINE = "sluice.deadlineMs";

  /** Above so many times the bound, requests that no unit serves are refused in paced time. */
  private static final int REFUSAL_FACTOR = 4;

  private static final BigDecimal NS_PER_MS = BigDecimal.valueOf(1_000_000);

  private final DpuNode node;
  private final DpuSettings settings;
  private long aheadBytes;
  private long heldBytes;

  Admission(DpuNode node, DpuSettings settings) {
    this.node = node;
    this.settings = settings;
  }

  /**
   * Takes a packet in.
   *
   * @throws SluiceException what its sender has to read: VART_SIZE_MISMATCH if no model is as wide,
   *     SLUICE_REQUEST_INVALID for a priority or deadline that makes no sense, VART_DPU_ALLOC_ERROR
   *     if far too much waits already
   */
  Request admit(Packet packet, long arrivedNs) {
    TensorData value = packet.tensor(node.input());
    int width = node.widthOf(value);
    int level = level(packet);
    long dueNs = dueNs(packet, level, arrivedNs);
    Packet taken =
        settings.work() == Work.TIMING
            ? packet.without(node.input())
            : packet.with(node.input(), node.modelsByWidth().get(width).input(value));
    if (settings.clock() == Clock.PACED && bytes() > REFUSAL_FACTOR * settings.maxInFlightBytes()) {
      throw new SluiceException(
          ErrorCode.VART_DPU_ALLOC_ERROR,
          "no unit, and " + bytes() + " bytes wait for one already",
          where(),
          "send it again when the fleet has units for it");
    }
    Request request = new Request(taken, width, arrivedNs, level, dueNs);
    aheadBytes += request.bytes();
    return request;
  }

  private int level(Packet packet) {
    QueueSettings queues = settings.queues();
    String text = packet.origin().attributes().get(PRIORITY);
    if (text == null || queues.levels().size() == 1) {
      return queues.usual() - 1;
    }
    try {
      int priority = Integer.parseInt(text);
      if (priority >= 1 && priority <= queues.levels().size()) {
        return priority - 1;
      }
    } catch (NumberFormatException e) {
      throw invalid(packet, PRIORITY, "give a priority of 1 to " + queues.levels().size(), e);
    }
    throw invalid(packet, PRIORITY, "give a priority of 1 to " + queues.levels().size(), null);
  }

  private long dueNs(Packet packet, int level, long arrivedNs) {
    LevelSettings settingsOfLevel = settings.queues().levels().get(level);
    long dueNs =
        settingsOfLevel.timeout().equals(LevelSettings.NO_TIMEOUT)
            ? Request.NEVER_DUE
            : later(arrivedNs, settingsOfLevel.timeout().toNanos());
    String text = packet.origin().attributes().get(DEADLINE);
    if (text == null) {
      return dueNs;
    }
    try {
      long withinNs = new BigDecimal(text).multiply(NS_PER_MS).longValue();
      if (withinNs >= 1 && withinNs <= LevelSettings.NO_TIMEOUT.toNanos()) {
        return Math.min(dueNs, later(arrivedNs, withinNs));
      }
    } catch (NumberFormatException e) {
      throw invalid(packet, DEADLINE, "give milliseconds, more than 0, up to 365 days", e);
    }
    throw invalid(packet, DEADLINE, "give milliseconds, more than 0, up to 365 days", null);
  }

  private static long later(long ns, long byNs) {
    return ns > Long.MAX_VALUE - byNs ? Request.NEVER_DUE : ns + byNs;
  }

  private SluiceException invalid(Packet packet, String attribute, String remedy, Exception why) {
    Map<String, String> attributes = packet.origin().attributes();
    return new SluiceException(
        ErrorCode.SLUICE_REQUEST_INVALID,
        "attribute " + attribute + " is '" + attributes.get(attribute) + "'",
        where(),
        remedy,
        why);
  }

  private String where() {
    return "node '" + node.id() + "'";
  }

  /** The time of a request has come, and its slot holds it. */
  void arrived(long bytes) {
    aheadBytes -= bytes;
    heldBytes += bytes;
  }

  /** The answer of a request has left. */
  void answered(long bytes) {
    heldBytes -= bytes;
  }

  /** A slot goes on from a checkpoint. */
  void restored(SlotState state) {
    long ahead = state.ahead().coming().stream().mapToLong(Request::bytes).sum();
    aheadBytes += ahead;
    heldBytes += state.bytes() - ahead;
  }

  private long bytes() {
    return aheadBytes + heldBytes;
  }

  /** Whether no more should be taken in before something is answered, in paced time. */
  boolean isFull() {
    return bytes() > settings.maxInFlightBytes();
  }

  /**
   * Checks what is ahead of the watermark, in virtual time.
   *
   * @throws SluiceException SLUICE_LIMIT if that is more than the bound, which ends the job: what
   *     comes in how much too early depends on threads, so no request can be blamed for it
   */
  void checkAhead() {
    if (aheadBytes > settings.maxInFlightBytes()) {
      throw new SluiceException(
          ErrorCode.SLUICE_LIMIT,
          aheadBytes + " bytes of requests are ahead of the watermark",
          where() + " in virtual time",
          "let the source give watermarks more often, or allow more bytes in flight");
    }
  }
}
