package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.xir.AttrType;
import io.sluice.xir.AttrValue;
import io.sluice.xir.Attrs;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.Subgraph;
import io.sluice.xir.TensorData;
import io.sluice.xir.XModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class XmodelCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir private Path folder;
  private String file;

  @BeforeEach
  void write() {
    Graph graph = new Graph("net");
    graph.setAttrs(Attrs.EMPTY.with("origin", "pytorch"));
    Op x =
        graph.add(
            "x", "data", Attrs.EMPTY.with("shape", new int[] {1, 4}).with("data_type", "FLOAT32"));
    x.setOutput(x.output().withAttrs(Attrs.EMPTY.with("fix_point", 6)));
    Op two = graph.addConst("two\u001b[2J", TensorData.ofFloats(Shape.of(1), 2f));
    Op y =
        graph.add(
            "y", "mul", Attrs.EMPTY.with("workload", new AttrValue(AttrType.UINT64, -1L)), x, two);
    List<Subgraph> children = graph.root().createChildren(List.of(List.of(x), List.of(two, y)));
    children.get(0).setAttrs(Attrs.EMPTY.with("device", "USER"));
    children
        .get(1)
        .setAttrs(
            Attrs.EMPTY
                .with("device", "DPU")
                .with("dpu_fingerprint", AttrValue.ofUnsigned(0x0101000056010407L))
                .with("reg_id_to_size", new AttrValue(AttrType.MAP_INT32, Map.of("REG_0", 64)))
                .with("reg_id_to_context_type", AttrValue.ofStringMap(Map.of("REG_0", "CONST"))));
    Path path = folder.resolve("net.xmodel");
    XModel.write(graph, path);
    file = path.toString();
  }

  private int run(String... args) {
    return Main.run(new PrintWriter(out), new PrintWriter(err), args);
  }

  private JsonNode json(String... args) throws IOException {
    assertThat(run(args)).as(err.toString()).isZero();
    assertThat(err.toString()).isEmpty();
    return new ObjectMapper().readTree(out.toString());
  }

  @Test
  void theSummaryCountsOpsAndShowsBordersAndTheTree() {
    assertThat(run("xmodel", file)).isZero();
    assertThat(out.toString().lines())
        .containsExactly(
            "graph net, 3 ops",
            "ops by type",
            "  const                             1",
            "  data                              1",
            "  mul                               1",
            "inputs",
            "  x FLOAT32 [1, 4], fix_point 6",
            "outputs",
            "  y FLOAT32 [1, 4]",
            "subgraphs",
            "  root, 3 ops",
            "    subgraph_x on USER, 1 ops",
            "    subgraph_y on DPU, 2 ops");
  }

  @Test
  void theSummaryAsJson() throws IOException {
    JsonNode json = json("xmodel", file, "--json");
    assertThat(json.at("/ops").asInt()).isEqualTo(3);
    assertThat(json.at("/types/mul").asInt()).isEqualTo(1);
    assertThat(json.at("/inputs/0/fixPoint").asInt()).isEqualTo(6);
    assertThat(json.at("/outputs/0/shape").toString()).isEqualTo("[1,4]");
    assertThat(json.at("/root/children/1/device").asText()).isEqualTo("DPU");
  }

  @Test
  void subgraphsShowWhatADpuNeeds() throws IOException {
    assertThat(run("xmodel", file, "--subgraphs")).isZero();
    assertThat(out.toString())
        .contains("fingerprint  0x0101000056010407")
        .contains("REG_0        CONST, 64 bytes");
    out.getBuffer().setLength(0);
    JsonNode dpu = json("xmodel", "--subgraphs", "--json", file).at("/subgraphs/1");
    assertThat(dpu.at("/fingerprint").asText()).isEqualTo("0x0101000056010407");
    assertThat(dpu.at("/registers/0/bytes").asInt()).isEqualTo(64);
    assertThat(dpu.at("/inputs/0/name").asText()).isEqualTo("x");
  }

  @Test
  void anOpIsShownInFull() throws IOException {
    assertThat(run("xmodel", file, "--op", "y")).isZero();
    assertThat(out.toString())
        .startsWith("op y (mul)")
        .containsPattern("workload +UINT64 +18446744073709551615")
        .contains("  x FLOAT32 [1, 4], fix_point 6");
    out.getBuffer().setLength(0);
    JsonNode json = json("xmodel", file, "--op=y", "--json");
    assertThat(json.at("/attrs/workload").toString()).isEqualTo("18446744073709551615");
    assertThat(json.at("/inputs/input/0/op").asText()).isEqualTo("x");
  }

  @Test
  void aConstantShowsTheNumberOfItsBytes() throws IOException {
    assertThat(
            json("xmodel", file, "--op", "two\u001b[2J", "--json").at("/attrs/data/bytes").asInt())
        .isEqualTo(4);
  }

  @Test
  void namesOfAFileDoNotSteerTheTerminal() {
    assertThat(run("xmodel", file, "--op", "y")).isZero();
    assertThat(out.toString()).contains("two?[2J").doesNotContain("\u001b");
  }

  @Test
  void metaShowsAttributesOfTheGraph() throws IOException {
    assertThat(run("xmodel", file, "--meta")).isZero();
    assertThat(out.toString()).containsPattern("origin +STRING +pytorch");
    out.getBuffer().setLength(0);
    assertThat(json("xmodel", file, "--meta", "--json").at("/attrs/origin").asText())
        .isEqualTo("pytorch");
  }

  @Test
  void failuresAreOneLine() throws IOException {
    assertThat(run("xmodel", folder.resolve("none").toString())).isEqualTo(1);
    assertThat(run("xmodel", file, "--op", "nobody")).isEqualTo(1);
    Files.writeString(Path.of(file), "no model");
    assertThat(run("xmodel", file)).isEqualTo(1);
    assertThat(err.toString().lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("XIR_FILE_NOT_EXIST: "),
            line -> assertThat(line).startsWith("XIR_UNDEFINED_OP: no op 'nobody'; "),
            line -> assertThat(line).startsWith("XIR_READ_PB_FAILURE: ").contains(file));
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void viewsExcludeEachOther() {
    assertThat(run("xmodel", file, "--meta", "--subgraphs")).isEqualTo(2);
    assertThat(run("xmodel")).isEqualTo(2);
  }

  @Test
  void everySampleOfOtherToolsIsListed() throws IOException {
    String samples = System.getProperty("sluice.testData", "");
    assumeFalse(samples.isEmpty(), "sluice.testData is not set");
    List<Path> files;
    try (Stream<Path> found = Files.list(Path.of(samples, "xmodel"))) {
      files = found.filter(f -> f.toString().endsWith(".xmodel")).sorted().toList();
    }
    assertThat(files).isNotEmpty();
    for (Path sample : files) {
      Graph graph = XModel.read(sample);
      out.getBuffer().setLength(0);
      assertThat(run("xmodel", sample.toString())).as(err.toString()).isZero();
      assertThat(out.toString())
          .startsWith("graph " + graph.name() + ", " + graph.ops().size() + " ops");
      for (String view : List.of("--subgraphs", "--meta")) {
        assertThat(run("xmodel", sample.toString(), view)).as(err.toString()).isZero();
      }
      for (Op op : graph.ops()) {
        out.getBuffer().setLength(0);
        assertThat(run("xmodel", sample.toString(), "--op", op.name())).isZero();
        assertThat(out.toString()).startsWith("op " + op.name() + " (" + op.type() + ")");
      }
    }
  }

  @Test
  void aCompiledSampleShowsItsDpuSubgraphs() throws IOException {
    String samples = System.getProperty("sluice.testData", "");
    assumeFalse(samples.isEmpty(), "sluice.testData is not set");
    String sample = Path.of(samples, "xmodel", "tf2_custom_op_v70.xmodel").toString();
    JsonNode json = json("xmodel", sample, "--subgraphs", "--json");
    assertThat(json.at("/subgraphs")).hasSize(5);
    JsonNode dpu = json.at("/subgraphs/1");
    assertThat(dpu.at("/target").asText()).isEqualTo("DPUCV2DX8G_ISA1_C20B14");
    assertThat(dpu.at("/fingerprint").asText()).isEqualTo("0x0901400044000E44");
    assertThat(dpu.at("/codeBytes").asInt()).isEqualTo(1412);
    assertThat(dpu.at("/registers/0/bytes").asInt()).isEqualTo(109568);
    assertThat(dpu.at("/inputs/0/fixPoint").asInt()).isEqualTo(-2);
  }

  @Test
  void aDrawingHasAGroupForEachSubgraph() throws Exception {
    Path svg = folder.resolve("net.svg");
    assertThat(run("xmodel", file, "--svg", svg.toString())).isZero();
    assertThat(out.toString()).startsWith("graph net");
    assertThat(groups(svg, "subgraph")).isEqualTo(2);
    assertThat(groups(svg, "op")).isEqualTo(2);
  }

  @Test
  void everySampleOfOtherToolsIsDrawn() throws Exception {
    String samples = System.getProperty("sluice.testData", "");
    assumeFalse(samples.isEmpty(), "sluice.testData is not set");
    List<Path> files;
    try (Stream<Path> found = Files.list(Path.of(samples, "xmodel"))) {
      files = found.filter(f -> f.toString().endsWith(".xmodel")).sorted().toList();
    }
    assertThat(files).isNotEmpty();
    Path svg = folder.resolve("sample.svg");
    for (Path sample : files) {
      Graph graph = XModel.read(sample);
      assertThat(run("xmodel", sample.toString(), "--svg", svg.toString())).isZero();
      long computed =
          graph.ops().stream()
              .filter(op -> !op.isConst())
              .filter(
                  op -> op.allInputs().isEmpty() || !op.allInputs().stream().allMatch(Op::isConst))
              .count();
      assertThat(groups(svg, "op")).isEqualTo(computed);
    }
  }

  private static long groups(Path svg, String kind) throws Exception {
    NodeList groups =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(svg.toFile())
            .getElementsByTagName("g");
    return IntStream.range(0, groups.getLength())
        .filter(i -> ((Element) groups.item(i)).getAttribute("class").equals(kind))
        .count();
  }
}
