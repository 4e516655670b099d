package io.sluice.aks.kernel.detection;

import io.sluice.aks.JobParams;
import io.sluice.aks.Kernel;
import io.sluice.aks.KernelContext;
import io.sluice.aks.KernelProvider;
import io.sluice.aks.KernelSpec;
import io.sluice.aks.NodeParams;
import io.sluice.aks.ParamType;
import io.sluice.aks.ParamValue;
import io.sluice.aks.SplittingKernel;
import io.sluice.aks.TensorSpec;
import io.sluice.aks.kernel.KernelInputs;
import io.sluice.aks.kernel.KernelParams;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Cuts an image UINT8 [H, W, 3] into tiles UINT8 [tile_h, tile_w, 3] that overlap, row by row; each
 * is a part of the job until {@link MergeTiles}. A tile of an image smaller than it is filled up
 * with {@code fill}. Sets the job's {@code tile_xs} and {@code tile_ys}, the corners of the tiles,
 * and {@code img_dims}.
 */
public final class Tile implements KernelProvider {
  private static final long MAX_BYTES = 1L << 30;

  @Override
  public KernelSpec spec() {
    return KernelSpec.of("Tile", "cuts an image into tiles that overlap")
        .requires("tile_w", ParamType.INT)
        .requires("tile_h", ParamType.INT)
        .defaults("overlap", ParamValue.of(64))
        .defaults("fill", ParamValue.of(128));
  }

  @Override
  public Optional<List<TensorSpec>> outputs(NodeParams nodeParams, List<TensorSpec> inputs) {
    KernelParams params = new KernelParams(this, nodeParams);
    return Optional.of(
        List.of(TensorSpec.of(DataType.UINT8, params.side("tile_h"), params.side("tile_w"), 3)));
  }

  @Override
  public Kernel create(NodeParams nodeParams, KernelContext context) {
    KernelParams params = new KernelParams(this, nodeParams);
    int width = params.side("tile_w");
    int height = params.side("tile_h");
    int overlap = params.integer("overlap", 0, Math.min(width, height) - 1);
    return new Work(width, height, overlap, (byte) params.integer("fill", 0, 255));
  }

  private record Work(int tileWidth, int tileHeight, int overlap, byte fill)
      implements SplittingKernel {
    @Override
    public List<List<TensorData>> split(List<TensorData> inputs, JobParams job) {
      TensorData image = KernelInputs.only(inputs);
      Shape shape = image.shape();
      boolean rgb = shape.rank() == 3 && shape.dim(2) == 3 && shape.elements() > 0;
      if (!rgb || !image.type().equals(DataType.UINT8)) {
        throw KernelInputs.unfit(image.toString(), "an image UINT8 [H, W, 3]");
      }
      int height = shape.dim(0);
      int width = shape.dim(1);
      long count =
          (long) Tiling.count(width, tileWidth, overlap)
              * Tiling.count(height, tileHeight, overlap);
      if (count > MAX_PARTS || count * tileWidth * tileHeight * 3 > MAX_BYTES) {
        throw new SluiceException(
            ErrorCode.SLUICE_LIMIT,
            count + " tiles of " + tileWidth + " x " + tileHeight,
            "tiling",
            "let the tiles overlap less, or send a smaller image");
      }
      int[] xs = new int[(int) count];
      int[] ys = new int[(int) count];
      List<List<TensorData>> tiles = new ArrayList<>();
      for (int y : Tiling.starts(height, tileHeight, overlap)) {
        for (int x : Tiling.starts(width, tileWidth, overlap)) {
          xs[tiles.size()] = x;
          ys[tiles.size()] = y;
          tiles.add(List.of(tile(image, x, y)));
        }
      }
      job.putInts("tile_xs", xs);
      job.putInts("tile_ys", ys);
      job.putInts("img_dims", 3, height, width);
      return tiles;
    }

    private TensorData tile(TensorData image, int x, int y) {
      int imageWidth = image.shape().dim(1);
      int columns = Math.min(tileWidth, imageWidth - x);
      int rows = Math.min(tileHeight, image.shape().dim(0) - y);
      byte[] out = new byte[tileWidth * tileHeight * 3];
      if (columns < tileWidth || rows < tileHeight) {
        Arrays.fill(out, fill);
      }
      for (int row = 0; row < rows; row++) {
        int from = ((y + row) * imageWidth + x) * 3;
        System.arraycopy(image.array(), from, out, row * tileWidth * 3, columns * 3);
      }
      return TensorData.wrap(DataType.UINT8, Shape.of(tileHeight, tileWidth, 3), out);
    }
  }
}
