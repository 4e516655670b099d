package io.sluice.dispatch;

import io.sluice.error.ErrorCode;

/** How a request ends, and why it is a dead letter if it has no result. */
public enum Ending {
  DONE(null, "done"),

  /** Cards died under it more often than it may begin again. */
  LOST(ErrorCode.VART_DPU_TIMEOUT_ERROR, "its card died too often under it"),

  /** No living unit ran its network for as long as it may wait for one. */
  NO_UNIT(ErrorCode.VART_DPU_ALLOC_ERROR, "no compute unit came in time");

  private final ErrorCode code;
  private final String reason;

  Ending(ErrorCode code, String reason) {
    this.code = code;
    this.reason = reason;
  }

  public boolean isDone() {
    return code == null;
  }

  /** The code of a dead letter; null if it is done. */
  public ErrorCode code() {
    return code;
  }

  public String reason() {
    return reason;
  }
}
