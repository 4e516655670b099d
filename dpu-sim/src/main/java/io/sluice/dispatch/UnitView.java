package io.sluice.dispatch;

/** What a dispatch policy may know of the units. They are numbered from 0, networks too. */
interface UnitView {
  int units();

  int networks();

  /** Units of one kind have the same speed; kinds are numbered from 0 and may become more. */
  int kindOf(int unit);

  int kinds();

  /** Whether units of a kind have been given the network, compiled for them. */
  boolean canRun(int kind, int network);

  /** When the unit will have done all that it was given, by estimate. */
  long freeNs(int unit);

  /** Requests that were sent to the unit and are not done. */
  int outstanding(int unit);

  /** The network whose weights the unit will hold when it is free; -1 if none. */
  int lastNetwork(int unit);

  /** How much later the unit is free with one more request; loading weights is not in it. */
  long addedNs(int unit, int network);

  /** How long it takes to load the weights of a network into the unit. */
  long loadNs(int unit, int network);
}
