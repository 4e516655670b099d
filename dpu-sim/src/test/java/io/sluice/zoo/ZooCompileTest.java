package io.sluice.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.compile.OpPlacement;
import io.sluice.target.DpuTarget;
import io.sluice.xir.Graph;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What runs where, for every network and a target of each family. Prints the table in Markdown;
 * seconds in it are measured.
 */
class ZooCompileTest {
  private static final int SAMPLES = 2;
  private static final long SEED = 11;

  /** What these families were made for. */
  private static final Set<Zoo> WHOLLY_ON_THE_DPU =
      Set.of(
          Zoo.RESNET18,
          Zoo.RESNET50,
          Zoo.MOBILENET_V1,
          Zoo.MOBILENET_V2,
          Zoo.SQUEEZENET,
          Zoo.INCEPTION_V1,
          Zoo.INCEPTION_V3,
          Zoo.UNET);

  private static final Set<Zoo> DEPTHWISE = Set.of(Zoo.MOBILENET_V1, Zoo.MOBILENET_V2);

  @Test
  @Tag("full")
  void everyNetworkAtFullSize() {
    for (Zoo zoo : Zoo.values()) {
      check(zoo, zoo.full());
    }
    Network.ocr().forEach(ZooCompileTest::rows);
  }

  @Test
  @Tag("slow")
  void everyNetworkAtSmallSize() {
    for (Zoo zoo : Zoo.values()) {
      check(zoo, zoo.small());
    }
    rows(Network.ocr("PP-OCRv4 detection", "ch_PP-OCRv4_det_infer", 160, 160));
    rows(Network.ocr("PP-OCRv4 recognition", "ch_PP-OCRv4_rec_infer", 48, 160));
    rows(Network.ocr("PP-OCR orientation", "ch_ppocr_mobile_v2.0_cls_infer", 48, 192));
  }

  @Test
  @Tag("slow")
  void allOfResNet50IsOneSubgraphOfTheDpuBatchNormKeptOrFolded() {
    ZooConfig config = Zoo.RESNET50.full();
    for (ZooConfig exported : List.of(config, config.folded())) {
      for (ZooRow row : rows(Network.of(Zoo.RESNET50, exported))) {
        assertThat(row.onDpu("conv2d")).hasSizeGreaterThanOrEqualTo(53);
        assertThat(row.onDpu("add")).hasSize(16);
        assertThat(row.cpuOps()).isEmpty();
        assertThat(row.dpuSubgraphs()).isEqualTo(1);
        assertThat(row.dpuMacShare()).isEqualTo(1);
      }
    }
  }

  private static void check(Zoo zoo, ZooConfig config) {
    for (ZooRow row : rows(Network.of(zoo, config))) {
      String target = row.target();
      String what = zoo + " for " + target;
      if (target.equals(Families.WITHOUT_DEPTHWISE) && DEPTHWISE.contains(zoo)) {
        assertThat(row.onDpu("depthwise-conv2d")).as(what).isEmpty();
      } else if (WHOLLY_ON_THE_DPU.contains(zoo)) {
        assertThat(row.dpuSubgraphs()).as(what).isEqualTo(1);
        assertThat(row.dpuMacShare()).as(what).isEqualTo(1);
        assertThat(row.cpuOps()).as(what).allMatch(ZooCompileTest::isLastPoolBeyondALimit);
      }
    }
  }

  /** A global average pool over a large map, and what follows it. */
  private static boolean isLastPoolBeyondALimit(OpPlacement op) {
    return op.rule().startsWith("table28.average-pooling")
        || (op.type().equals("reshape") && op.rule().equals("partition.border"));
  }

  private static List<ZooRow> rows(Network network) {
    long start = System.nanoTime();
    Graph graph = network.imported();
    long imported = System.nanoTime();
    Graph quantized = Network.quantized(graph, SAMPLES, SEED);
    long done = System.nanoTime();
    System.out.printf(
        Locale.ROOT,
        "%n%s: %.1f s import, %.1f s quantize%n%s%n",
        network.title(),
        (imported - start) / 1e9,
        (done - imported) / 1e9,
        ZooRow.markdownHead());
    List<ZooRow> rows = new ArrayList<>();
    for (DpuTarget target : Families.targets()) {
      ZooRow row = ZooRow.of(network.title(), quantized, target);
      System.out.println(row.markdown());
      assertThat(row.cpuOps())
          .allSatisfy(
              op -> {
                assertThat(op.rule()).as(op.name()).isNotEmpty();
                assertThat(op.reason()).as(op.name()).isNotEmpty();
              });
      rows.add(row);
    }
    return rows;
  }
}
