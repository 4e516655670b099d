package io.sluice.aks.kernel.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.aks.JobInfo;
import io.sluice.aks.JobParams;
import io.sluice.aks.JobPart;
import io.sluice.aks.JoiningKernel;
import io.sluice.aks.ParamValue;
import io.sluice.aks.SplittingKernel;
import io.sluice.aks.kernel.KernelRun;
import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TileTest {
  @Property(tries = 300)
  void tilesCoverTheAxisAndNeighboursOverlap(
      @ForAll @IntRange(min = 1, max = 400) int length,
      @ForAll @IntRange(min = 1, max = 60) int tile,
      @ForAll @IntRange(min = 0, max = 59) int wanted) {
    int overlap = Math.min(wanted, tile - 1);
    int[] starts = Tiling.starts(length, tile, overlap);
    assertThat(starts[0]).isZero();
    assertThat(starts[starts.length - 1]).isEqualTo(Math.max(0, length - tile));
    for (int i = 1; i < starts.length; i++) {
      assertThat(starts[i]).isGreaterThan(starts[i - 1]);
      assertThat(starts[i - 1] + tile - starts[i]).isGreaterThanOrEqualTo(overlap);
    }
    if (starts.length > 1) {
      assertThat((starts.length - 2) * (tile - overlap) + tile)
          .as("none too many")
          .isLessThan(length);
    }
  }

  @Property(tries = 40)
  void theTilesPutTogetherAreTheImage(
      @ForAll @IntRange(min = 1, max = 50) int width,
      @ForAll @IntRange(min = 1, max = 50) int height,
      @ForAll @IntRange(min = 5, max = 20) int tile,
      @ForAll long seed)
      throws IOException {
    byte[] bytes = new byte[width * height * 3];
    new Random(seed).nextBytes(bytes);
    TensorData image = TensorData.wrap(DataType.UINT8, Shape.of(height, width, 3), bytes);
    JobParams job = JobParams.empty();
    List<List<TensorData>> parts = tiles(tile, 4).split(List.of(image), job);
    byte[] whole = new byte[bytes.length];
    int[] xs = job.getInts("tile_xs");
    int[] ys = job.getInts("tile_ys");
    for (int n = 0; n < parts.size(); n++) {
      TensorData part = parts.get(n).get(0);
      assertThat(part.shape()).isEqualTo(Shape.of(tile, tile, 3));
      for (int y = 0; y < tile; y++) {
        for (int x = 0; x < tile; x++) {
          for (int c = 0; c < 3; c++) {
            byte value = part.getByte((y * tile + x) * 3 + c);
            if (ys[n] + y < height && xs[n] + x < width) {
              whole[((ys[n] + y) * width + xs[n] + x) * 3 + c] = value;
            } else {
              assertThat(value).isEqualTo((byte) 128);
            }
          }
        }
      }
    }
    assertThat(whole).isEqualTo(bytes);
  }

  @Test
  void anObjectThatTwoTilesSeeIsFoundOnceWhereItIs() throws IOException {
    JobParams job = JobParams.empty();
    TensorData image = TensorData.wrap(DataType.UINT8, Shape.of(20, 36, 3), new byte[36 * 20 * 3]);
    int count = tiles(20, 4).split(List.of(image), job).size();
    assertThat(count).isEqualTo(2);
    // One object is whole in the second tile and cut in the first, one is in the first only.
    TensorData first = Box.tensor(List.of(box(17, 5, 20, 9, 0.6f), box(1, 1, 4, 4, 0.7f)));
    TensorData second = Box.tensor(List.of(box(1, 5, 8, 9, 0.9f)));
    List<TensorData> merged = merge(job, List.of(first, second));
    assertThat(Box.list(merged.get(0)))
        .containsExactly(box(17, 5, 24, 9, 0.9f), box(1, 1, 4, 4, 0.7f));
    assertThatThrownBy(() -> merge(job, List.of(first))).hasMessageContaining("1 parts of 2 tiles");
  }

  @Test
  void moreTilesThanAJobMayHaveAreRefusedBeforeTheyAreCut() {
    TensorData image =
        TensorData.wrap(DataType.UINT8, Shape.of(1000, 1000, 3), new byte[3_000_000]);
    assertThatThrownBy(() -> tiles(20, 19).split(List.of(image), JobParams.empty()))
        .hasMessageContaining("SLUICE_LIMIT");
    assertThatThrownBy(() -> tiles(20, 20)).hasMessageContaining("'overlap' of kernel Tile");
  }

  @Test
  void darknetsFilesHaveALineForEachBoxOfAnImage(@TempDir Path folder) throws IOException {
    KernelRun kernel =
        new KernelRun(
            new SaveBoxesDarknetFormat(), Map.of("output_dir", ParamValue.of("out")), folder);
    JobParams job =
        new JobParams(
            JobInfo.named("j"),
            Map.of(
                "image_paths", ParamValue.ofStrings(List.of("/d/../a.jpg", "b.c.png")),
                "img_dims", ParamValue.ofInts(List.of(3, 100, 200, 3, 10, 10))));
    TensorData out =
        kernel.apply(job, Box.tensor(List.of(new Box(0, 20, 10, 61, 30, 7, 0.1234567f)))).get(0);
    assertThat(out.toFloats())
        .containsExactly(0, 7, 0.1234567f, (40.5f - 1) / 200, 0.19f, 41 / 200f, 0.2f);
    assertThat(folder.resolve("out/a.txt")).hasContent("7 0.123457 0.1975 0.19 0.205 0.2\n");
    assertThat(folder.resolve("out/b.c.txt")).isEmptyFile();
    try (var files = Files.list(folder.resolve("out"))) {
      assertThat(files).hasSize(2);
    }
  }

  private static Box box(float left, float top, float right, float bottom, float score) {
    return new Box(0, left, top, right, bottom, 1, score);
  }

  private static SplittingKernel tiles(int side, int overlap) {
    return (SplittingKernel)
        new KernelRun(
                new Tile(),
                Map.of(
                    "tile_w", ParamValue.of(side),
                    "tile_h", ParamValue.of(side),
                    "overlap", ParamValue.of(overlap)))
            .kernel();
  }

  private static List<TensorData> merge(JobParams job, List<TensorData> boxes) throws IOException {
    List<JobPart> parts = new ArrayList<>();
    for (TensorData tensor : boxes) {
      parts.add(new JobPart(List.of(tensor), JobParams.empty()));
    }
    return ((JoiningKernel) new KernelRun(new MergeTiles(), Map.of()).kernel()).join(parts, job);
  }
}
