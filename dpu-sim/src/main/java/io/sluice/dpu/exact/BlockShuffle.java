package io.sluice.dpu.exact;

import io.sluice.xir.Op;
import io.sluice.xir.Shape;

/**
 * Moves blocks of s x s pixels into channels or back: {@code tile-fix}, {@code reorg-fix}, {@code
 * pixel-shuffle-fix}. The direction is read from the shapes.
 *
 * <p>With the small tensor [N, H, W, s*s*C] and the large one [N, s*H, s*W, C], element (h, w, q)
 * of the small one is
 *
 * <ul>
 *   <li>TILE: q = (i*s + j)*C + c, from (h*s + i, w*s + j, c);
 *   <li>PIXEL_SHUFFLE: q = (c*s + i)*s + j, from the same place (PyTorch's order);
 *   <li>REORG: q as in TILE, from (floor(h/s)*s*s + h mod s + i*s, w*s + j, c), rows interleaved
 *       over groups of s rows (the order of the tools' CPU op); H must be a multiple of s.
 * </ul>
 *
 * @param large the tensor with the small channels
 * @param small the other one
 * @param toChannels whether the input is the large one
 */
record BlockShuffle(Kind kind, int block, Shape large, Shape small, boolean toChannels)
    implements Movement {

  enum Kind {
    TILE,
    REORG,
    PIXEL_SHUFFLE
  }

  static BlockShuffle of(Op op, Kind kind) {
    Shape in = op.input().output().shape();
    Shape out = op.output().shape();
    int block = op.attrs().getInt(kind == Kind.TILE ? "stride" : "scale");
    FixOps.range(op, "block size", block, 1, 1 << 12);
    boolean toChannels = in.dim(1) > out.dim(1);
    Shape large = toChannels ? in : out;
    Shape small = toChannels ? out : in;
    if (in.rank() != 4
        || large.dim(0) != small.dim(0)
        || large.dim(1) != small.dim(1) * block
        || large.dim(2) != small.dim(2) * block
        || (long) large.dim(3) * block * block != small.dim(3)) {
      throw FixOps.unexpected(op, in + " to " + out + " by " + block, "make the block fit");
    }
    if (kind == Kind.REORG && small.dim(1) % block != 0) {
      throw FixOps.unsupported(
          op,
          "reorg of " + small.dim(1) + " rows by " + block,
          "give a height that is a multiple of " + block * block);
    }
    return new BlockShuffle(kind, block, large, small, toChannels);
  }

  @Override
  public int source(int[] at) {
    return toChannels ? fromLarge(at) : fromSmall(at);
  }

  private int fromLarge(int[] at) {
    int q = at[3];
    int c = kind == Kind.PIXEL_SHUFFLE ? q / (block * block) : q % large.dim(3);
    int cell = kind == Kind.PIXEL_SHUFFLE ? q % (block * block) : q / large.dim(3);
    int i = cell / block;
    int j = cell % block;
    int row =
        kind == Kind.REORG
            ? at[1] / block * block * block + at[1] % block + i * block
            : at[1] * block + i;
    return Coordinates.index(large, at[0], row, at[2] * block + j, c);
  }

  private int fromSmall(int[] at) {
    int row = at[1];
    int h = row / block;
    int i = row % block;
    if (kind == Kind.REORG) {
      h = row / (block * block) * block + row % block;
      i = row % (block * block) / block;
    }
    int j = at[2] % block;
    int cell = i * block + j;
    int q = kind == Kind.PIXEL_SHUFFLE ? at[3] * block * block + cell : cell * large.dim(3) + at[3];
    return Coordinates.index(small, at[0], h, at[2] / block, q);
  }
}
