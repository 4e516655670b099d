package io.sluice.flink.ocr;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.aks.AksGraph;
import io.sluice.aks.AksSettings;
import io.sluice.aks.GraphRun;
import io.sluice.aks.InstalledKernels;
import io.sluice.aks.JobContext;
import io.sluice.aks.KernelProvider;
import io.sluice.fleet.Fleet;
import io.sluice.fleet.FleetFile;
import io.sluice.flink.Clock;
import io.sluice.flink.ImmutableTypeInfo;
import io.sluice.flink.Packet;
import io.sluice.flink.dpu.DpuModels;
import io.sluice.flink.dpu.DpuSettings;
import io.sluice.flink.dpu.Work;
import io.sluice.flink.metrics.DpuTotals;
import io.sluice.flink.wire.Wire;
import io.sluice.schemas.DeadLetter;
import io.sluice.schemas.GraphResult;
import java.awt.Color;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped graph file of the OCR pipeline does what the pipeline does. */
@Tag("slow")
class OcrGraphTest {
  private static final int PAGES = 24;

  @TempDir private Path folder;

  @Test
  void theGraphGivesTheBytesOfTheJob() throws Exception {
    Fleet fleet = FleetFile.example("card-loss");
    List<Packet> records = records();

    List<Tuple2<String, byte[]>> job = ofJob(fleet, records);
    GraphRun graph =
        GraphRun.ofRecords(
            graph("ocr-page"),
            AksSettings.on(fleet, Clock.VIRTUAL, Work.EXACT).withMaxParallelism(2),
            new FakeNetworks(),
            records);

    assertThat(job).hasSize(PAGES);
    assertThat(graph.results()).hasSize(PAGES);
    for (int i = 0; i < PAGES; i++) {
      assertThat(graph.results().get(i).f0).isEqualTo(job.get(i).f0);
      assertThat(graph.results().get(i).f1).isEqualTo(job.get(i).f1);
    }
    assertThat(graph.deadLetters()).extracting(DeadLetter::getRequestId).containsExactly("page-x");
    assertThat(graph.deadLetters().get(0).getStage()).isEqualTo("decode-image");
    assertThat(graph.deadLetters().get(0).getKernel()).isEqualTo("ImageRead");
  }

  @Test
  void theDetectionGraphSharesAFleetBetweenTwoNetworks() throws Exception {
    List<Packet> pages = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      byte[] image = Requests.png(400, 300, i % 2 == 0 ? Color.WHITE : Color.BLACK);
      pages.add(Packet.ofRecord("in", 0, i, Requests.image("p" + i, "text-detection", image)));
    }
    AksSettings settings =
        AksSettings.on(FleetFile.example("two-zcu102"), Clock.VIRTUAL, Work.EXACT);

    GraphRun run =
        GraphRun.ofRecords(
            graph("detection"), settings.withMaxParallelism(2), new FakeNetworks(), pages);

    assertThat(run.deadLetters()).isEmpty();
    assertThat(run.results()).hasSize(6);
    for (int i = 0; i < 6; i++) {
      GraphResult result = Wire.graphResults().decode(run.results().get(i).f1, "test");
      assertThat(result.getOutputs().get(0).getName()).isEqualTo("lines");
      assertThat(result.getOutputs().get(0).getShape()).containsExactly(i % 2 == 0 ? 2 : 0, 10);
    }
    for (String node : List.of("detect", "orient")) {
      assertThat(DpuTotals.of(node, run.accumulators()).requests()).isEqualTo(6);
    }
  }

  private AksGraph graph(String name) throws Exception {
    Files.writeString(folder.resolve("alphabet.txt"), String.join("\n", FakeNetworks.KEYS) + "\n");
    try (InputStream in =
        KernelProvider.class.getResourceAsStream("/io/sluice/aks/graphs/" + name + ".json")) {
      return GraphRun.load(
          new String(in.readAllBytes(), StandardCharsets.UTF_8),
          List.copyOf(InstalledKernels.find().all().values()),
          ref -> DpuModels.model(ref, DpuModels.ZCU102_TARGET, 3e5),
          new JobContext(List.of(), 1 << 20, folder.toUri().toString(), null));
    }
  }

  private static List<Packet> records() throws Exception {
    byte[] white = Requests.png(400, 300, Color.WHITE);
    byte[] black = Requests.png(400, 300, Color.BLACK);
    byte[] large = Requests.png(900, 700, Color.WHITE);
    List<Packet> records = new ArrayList<>();
    for (int i = 0; i < PAGES; i++) {
      byte[] image = i % 3 == 0 ? white : i % 3 == 1 ? black : large;
      records.add(Packet.ofRecord("in", 0, i, Requests.image("page-" + i, Pipelines.PAGE, image)));
    }
    records.add(
        Packet.ofRecord(
            "in", 0, PAGES, Requests.image("page-x", Pipelines.PAGE, new byte[] {1, 2, 3})));
    return records;
  }

  private static List<Tuple2<String, byte[]>> ofJob(Fleet fleet, List<Packet> records)
      throws Exception {
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(2, new Configuration());
    DataStream<Packet> stream =
        env.fromData(records, ImmutableTypeInfo.PACKET)
            .setParallelism(1)
            .assignTimestampsAndWatermarks(
                WatermarkStrategy.<Packet>forMonotonousTimestamps()
                    .withTimestampAssigner((packet, t) -> packet.origin().offset() * 1_000_000))
            .setParallelism(1)
            .rebalance();
    OcrTopology.Outputs outputs =
        OcrTopology.build(
            stream,
            OcrConfig.of(FakeNetworks.models()),
            new FakeNetworks(),
            OcrDpu.plan(
                FakeNetworks.models(),
                fleet,
                DpuSettings.of(Clock.VIRTUAL, Work.EXACT),
                ref -> DpuModels.model(ref, DpuModels.ZCU102_TARGET, 3e5)));
    List<Tuple2<String, byte[]>> results = new ArrayList<>();
    try (CloseableIterator<Tuple2<String, byte[]>> all = outputs.results().collectAsync()) {
      env.executeAsync();
      all.forEachRemaining(results::add);
    }
    results.sort(Comparator.comparing(r -> r.f0));
    return results;
  }
}
