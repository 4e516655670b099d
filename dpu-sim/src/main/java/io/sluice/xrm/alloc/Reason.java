package io.sluice.xrm.alloc;

/** Why a request was refused, where XRM's code alone does not tell. */
public enum Reason {
  /** It was not. */
  NONE,
  /** The request contradicts itself or misses something. */
  MALFORMED,
  /** It goes beyond a limit. */
  LIMIT,
  /** No image that was ever loaded has such a unit. */
  NO_SUCH_KERNEL,
  /** Such units are of another fingerprint. */
  WRONG_FINGERPRINT,
  /** The image that has such units is loaded nowhere, or the device has none. */
  NOT_LOADED,
  /** All devices with such units are disabled, drained or offline. */
  DISABLED,
  /** Such units have not enough free load. */
  BUSY,
  /** Such units have free load, but no free channel. */
  NO_CHANNEL,
  /** The free units are on devices of others, or exclusivity is asked for where others are. */
  EXCLUSIVE,
  /** Each unit could be had, but not together on devices as asked. */
  NOT_TOGETHER,
  /** There is no such device, client, service, group or pool. */
  UNKNOWN,
  /** Somebody else holds it. */
  NOT_HOLDER,
  /** The lease was granted in an earlier epoch. */
  STALE_EPOCH,
  /** The device has another image; unload it first. */
  OTHER_IMAGE,
  /** The image was built for another platform. */
  WRONG_SHELL,
  /** It was declared before. */
  DECLARED_TWICE,
  /** It waited for as long as it was ready to. */
  TIMEOUT
}
