package io.sluice.aks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.sluice.dpu.exact.FixBorder;
import io.sluice.fleet.FleetFile;
import io.sluice.flink.Clock;
import io.sluice.flink.Origin;
import io.sluice.flink.Packet;
import io.sluice.flink.StoredRunners;
import io.sluice.flink.dpu.DpuModels;
import io.sluice.flink.dpu.Work;
import io.sluice.flink.wire.Wire;
import io.sluice.schemas.DeadLetter;
import io.sluice.schemas.GraphResult;
import io.sluice.target.DpuTarget;
import io.sluice.target.Targets;
import io.sluice.vart.GraphRunner;
import io.sluice.vart.RunnerOptions;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.Tensor;
import io.sluice.xir.TensorData;
import io.sluice.xir.XModel;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The graphs that AKS publishes, with small seeded networks on a fleet, give what their kernels
 * give one after the other with the networks run directly.
 */
@Tag("slow")
class PublishedGraphsTest {
  private static final int IMAGES = 3;
  private static final int BLOCK = 40;

  @TempDir private static Path folder;

  @BeforeAll
  static void makeModelsAndImages() throws Exception {
    DpuTarget target = Targets.builtIn().byName(DpuModels.ZCU102_TARGET);
    write(denseBox("facedetect", 1).compiled(target));
    write(denseBox("facedetect-tiled", 8).compiled(target));
    write(yolo().compiled(target));
    write(resnet().compiled(target));
    StringBuilder gold = new StringBuilder();
    for (int i = 0; i < IMAGES; i++) {
      ImageIO.write(blocks(320 + 80 * i, 400, i), "png", image(i).toFile());
      gold.append(image(i).getFileName()).append(' ').append(i).append('\n');
    }
    Files.writeString(folder.resolve("gold.txt"), gold);
    Files.write(image(IMAGES), new byte[] {1, 2, 3});
  }

  private static void write(Graph graph) {
    XModel.write(graph, folder.resolve(graph.name() + ".xmodel"));
  }

  private static Path image(int index) {
    return folder.resolve("image" + index + ".png");
  }

  /** Scores and corners, a pixel for each four of the image, or those of {@code tile x tile}. */
  private static TwoHeads denseBox(String name, int tile) {
    TwoHeads net = new TwoHeads(name, 320, -128, 127);
    Op features = net.features("trunk", net.image(), 4);
    if (tile > 1) {
      features = net.features("tiles", features, tile);
    }
    net.head("scores", features, 2 * tile * tile, 3, 0.5f, -0.5f);
    net.head("corners", features, 4 * tile * tile, 3, -20, -20, 20, 20);
    return net;
  }

  private static TwoHeads yolo() {
    TwoHeads net = new TwoHeads("tinyyolov3", 608, 0, 1);
    Op fine = net.features("fine", net.features("trunk", net.image(), 4), 4);
    float[] means = new float[85];
    Arrays.fill(means, 4, 85, -5);
    // By name the coarse map comes last, and in Darknet first.
    net.head("a_fine_map", fine, 3 * 85, 3, means);
    net.head("b_coarse_map", net.halved("coarse", fine), 3 * 85, 3, means);
    return net;
  }

  private static TwoHeads resnet() {
    TwoHeads net = new TwoHeads("resnet50", 224, -128, 151);
    net.classes("scores", net.features("more", net.features("trunk", net.image(), 4), 8), 10);
    return net;
  }

  /** Squares of random colours. */
  private static BufferedImage blocks(int width, int height, long seed) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    Random random = new Random(seed);
    for (int y = 0; y < height; y += BLOCK) {
      for (int x = 0; x < width; x += BLOCK) {
        graphics.setColor(new Color(random.nextInt(1 << 24)));
        graphics.fillRect(x, y, BLOCK, BLOCK);
      }
    }
    graphics.dispose();
    return image;
  }

  private static AksGraph graph(String name) throws Exception {
    Path file = folder.resolve(name + ".json");
    try (InputStream in =
        AksGraph.class.getResourceAsStream("/io/sluice/aks/graphs/" + name + ".json")) {
      Files.write(file, in.readAllBytes());
    }
    String uri = folder.toUri().toString();
    return AksGraph.load(
        file,
        KernelFiles.none(InstalledKernels.find()),
        new JobContext(List.of(uri), 1 << 20, uri, null),
        folder);
  }

  private static GraphRun run(AksGraph graph, Work work) throws Exception {
    List<Packet> jobs = new ArrayList<>();
    for (int i = 0; i <= IMAGES; i++) {
      Origin origin = new Origin("in", 0, i, "job-" + i, graph.name(), 0, Map.of());
      jobs.add(AksTopology.jobOfImage(origin, image(i).toString()));
    }
    return GraphRun.ofJobs(
        graph,
        AksSettings.on(FleetFile.example("two-zcu102"), Clock.VIRTUAL, work).withMaxParallelism(2),
        new StoredRunners(RunnerOptions.standard()),
        jobs);
  }

  /** What the nodes of a chain give for an image when they are called one after the other. */
  private static List<TensorData> direct(AksGraph graph, int image) throws Exception {
    JobParams job =
        new JobParams(
            JobInfo.named("job-" + image),
            Map.of(JobParams.IMAGE_PATHS, ParamValue.ofStrings(List.of(image(image).toString()))));
    List<TensorData> tensors = List.of();
    for (int index : graph.order()) {
      AksNode node = graph.node(index);
      if (node.isDpu()) {
        tensors = direct(node.models().get(0), tensors.get(0));
      } else {
        node.kernel().open();
        tensors = node.kernel().apply(tensors, job);
      }
    }
    return tensors;
  }

  private static List<TensorData> direct(ModelSource.Known model, TensorData image) {
    Graph graph = XModel.read(Path.of(URI.create(model.ref().uri())));
    try (GraphRunner runner = GraphRunner.create(graph, RunnerOptions.standard())) {
      Tensor input = runner.inputTensors().get(0);
      TensorData given = input.type().isFixedPoint() ? FixBorder.toFix(image, input) : image;
      return List.copyOf(runner.execute(Map.of(input.name(), given)).values());
    }
  }

  private static void requireEachAnsweredOnce(GraphRun run) {
    assertThat(run.results()).hasSize(IMAGES);
    assertThat(run.deadLetters())
        .extracting(DeadLetter::getRequestId, DeadLetter::getStage)
        .containsExactly(tuple("job-" + IMAGES, "preproc"));
  }

  @ParameterizedTest
  @CsvSource({
    "facedetect, 2",
    "facedetect-tiled, 2",
    "tinyyolov3, 2",
    "resnet50-u50lv, 1",
    "resnet50-u50, 1",
    "resnet50-zcu102, 1"
  })
  void aGraphOfImagesGivesWhatItsKernelsGive(String name, int outputs) throws Exception {
    AksGraph graph = graph(name);
    assertThat(graph.nodes().get(1).outputs().orElseThrow()).hasSize(outputs);

    GraphRun run = run(graph, Work.EXACT);

    requireEachAnsweredOnce(run);
    int rows = 0;
    for (int i = 0; i < IMAGES; i++) {
      GraphResult result = Wire.graphResults().decode(run.results().get(i).f1, "test");
      List<TensorData> expected = direct(graph, i);
      assertThat(result.getOutputs()).hasSameSizeAs(expected);
      for (int j = 0; j < expected.size(); j++) {
        assertThat(result.getOutputs().get(j).getData())
            .as("%s, image %d, output %d", name, i, j)
            .isEqualTo(ByteBuffer.wrap(expected.get(j).array()));
        rows += expected.get(j).shape().dim(0);
      }
    }
    assertThat(rows).as("boxes or labels of all images").isGreaterThanOrEqualTo(IMAGES);
  }

  @Test
  void inTimingAloneEveryHeadGivesZeros() throws Exception {
    GraphRun run = run(graph("facedetect"), Work.TIMING);

    requireEachAnsweredOnce(run);
    for (int i = 0; i < IMAGES; i++) {
      GraphResult result = run.result("job-" + i);
      assertThat(result.getModelledDpuNs()).isPositive();
      assertThat(result.getOutputs().get(0).getShape()).containsExactly(0, 6);
    }
  }

  @Test
  void theAdderAdds() throws Exception {
    GraphRun run =
        GraphRun.ofJobs(
            graph("adder"),
            AksSettings.here().withMaxParallelism(2),
            new StoredRunners(RunnerOptions.standard()),
            GraphRun.jobs(
                IMAGES, i -> List.of(TensorData.ofInts(Shape.of(1), new int[] {10 * i}))));

    assertThat(run.deadLetters()).isEmpty();
    for (int i = 0; i < IMAGES; i++) {
      assertThat(GraphRun.number(run.result("job-" + i), 0)).isEqualTo(10 * i + 3);
    }
  }
}
