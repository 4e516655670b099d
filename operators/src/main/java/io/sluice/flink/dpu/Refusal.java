package io.sluice.flink.dpu;

import io.sluice.error.ErrorCode;
import io.sluice.flink.Failure;

/**
 * Why a request that came to a slot ends without a result of its network.
 *
 * @param kind what it is counted as
 * @param failure what the sender reads
 */
record Refusal(Kind kind, Failure failure) {
  enum Kind {
    /** There was no room. */
    REJECTED,

    /** It waited too long. */
    EXPIRED,

    /** Its unit died too often. */
    LOST,

    /** Another part of its request failed. */
    CANCELLED
  }

  static Refusal queueFull(String node, int level, int limit) {
    return of(
        Kind.REJECTED,
        node,
        ErrorCode.VART_DEVICE_BUSY,
        limit + " requests of priority " + (level + 1) + " wait already",
        "send it later, or allow more to wait");
  }

  static Refusal tooManyBytes(String node, long held, long bytes, long limit) {
    return of(
        Kind.REJECTED,
        node,
        ErrorCode.SLUICE_LIMIT,
        bytes + " bytes on top of the " + held + " that wait for a DPU, of at most " + limit,
        "send requests further apart in time, add units, or allow more bytes");
  }

  static Refusal late(String node, long waitedNs) {
    return of(
        Kind.EXPIRED,
        node,
        ErrorCode.SLUICE_TIMEOUT,
        "not begun within " + waitedNs / 1e6 + " ms",
        "send it again, allow more time, or add units");
  }

  static Refusal noUnit(String node, long waitMs, String why) {
    return of(
        Kind.EXPIRED,
        node,
        ErrorCode.VART_DPU_ALLOC_ERROR,
        "no compute unit for " + waitMs + " ms: " + why,
        "send it again when the fleet has a unit for it");
  }

  static Refusal lostTooOften(String node, int losses) {
    return of(
        Kind.LOST,
        node,
        ErrorCode.VART_DPU_TIMEOUT_ERROR,
        "its unit died " + losses + " times under it",
        "send it again when the fleet is stable, or allow more retries");
  }

  static Refusal cancelled(Failure ofSibling) {
    return new Refusal(Kind.CANCELLED, ofSibling);
  }

  private static Refusal of(Kind kind, String node, ErrorCode code, String what, String remedy) {
    return new Refusal(kind, new Failure(node, code.name(), what, "node '" + node + "'", remedy));
  }
}
