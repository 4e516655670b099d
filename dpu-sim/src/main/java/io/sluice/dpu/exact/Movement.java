package io.sluice.dpu.exact;

/** Where each element of an output comes from, for an op that only moves data. */
interface Movement {

  /** What {@link #source} returns for an element that no element of the input feeds. */
  int NONE = -1;

  /**
   * @param at the coordinates of an element of the output
   * @return the row-major index of the element of the input that it copies, or {@link #NONE}
   */
  int source(int[] at);
}
