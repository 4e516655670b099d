package io.sluice.target;

/** The DPU families. */
public enum DpuType {
  DPUCZDX8G(1),
  DPUCAHX8H(2),
  DPUCAHX8L(3),
  DPUCZDI4G(4),
  DPUCVDX8H(5),
  DPUCVDX8G(6),
  DPUCADF8H(7),
  IPU_PHX(8),
  DPUCV2DX8G(9);

  private final int number;

  DpuType(int number) {
    this.number = number;
  }

  /** The number in the top byte of a fingerprint. */
  public int number() {
    return number;
  }
}
