package io.sluice.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.compile.Device;
import io.sluice.compile.OpPlacement;
import io.sluice.target.Targets;
import io.sluice.xir.Attrs;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class InspectionTest {
  private final Graph graph = new Graph("float");

  private Op input() {
    Attrs attrs = Attrs.EMPTY.with("shape", new int[] {1, 32, 32, 8});
    return graph.add("in", "data", attrs.with("data_type", "FLOAT32"), Map.of());
  }

  private Op conv(String name, Op in, int kernel) {
    return conv(name, in, kernel, kernel);
  }

  private Op conv(String name, Op in, int width, int height) {
    Shape shape = Shape.of(8, height, width, 8);
    Op weights =
        graph.addConst(name + "_w", TensorData.ofFloats(shape, new float[shape.elements()]));
    Attrs attrs =
        Attrs.EMPTY
            .with("kernel", new int[] {width, height})
            .with("stride", new int[] {1, 1})
            .with("pad_mode", "FLOOR");
    return graph.add(
        name, "conv2d", attrs, Map.of("input", List.of(in), "weights", List.of(weights)));
  }

  private static Document parse(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }

  @Test
  void theShareCountsTheMultiplyAccumulatesOfOpsOnTheDpu() {
    conv("large", conv("small", input(), 3), 17);
    Inspection seen = Inspection.of(graph, Targets.builtIn().byName("DPUCZDX8G_ISA1_B4096"));
    double small = 30 * 30 * 9;
    double large = 14 * 14 * 289;
    assertThat(seen.dpuMacShare()).isEqualTo(small / (small + large));
    assertThat(seen.opsOn(Device.CPU)).isEqualTo(1);
    assertThat(seen.dpuSubgraphs()).isEqualTo(1);
    assertThat(seen.hint(seen.ops().get(1))).isEmpty();
  }

  @Test
  void aHintNamesEveryLimitThatIsBroken() {
    conv("both", input(), 17, 20);
    Inspection seen = Inspection.of(graph, Targets.builtIn().byName("DPUCZDX8G_ISA1_B4096"));
    assertThat(seen.limits().get("both"))
        .extracting(limit -> limit.rule() + " " + limit.values())
        .contains("table28.conv2d.kernel_w {kernel_w=17}", "table28.conv2d.kernel_h {kernel_h=20}");
    assertThat(seen.hint(placed(seen, "both")))
        .startsWith("it breaks table28.conv2d.kernel_w (")
        .contains("16", "kernel_w=17", " and table28.conv2d.kernel_h (", "kernel_h=20")
        .endsWith(": use a smaller kernel, or several small ones in a row");
  }

  @Test
  void aDepthwiseConvolutionIsRefusedAsSuchWhateverActivationFollows() {
    Op weights = graph.addConst("w", TensorData.ofFloats(Shape.of(1, 3, 3, 8), new float[72]));
    Attrs attrs =
        Attrs.EMPTY
            .with("kernel", new int[] {3, 3})
            .with("stride", new int[] {1, 1})
            .with("pad_mode", "FLOOR");
    Map<String, List<Op>> in = Map.of("input", List.of(input()), "weights", List.of(weights));
    Op depthwise = graph.add("depthwise", "depthwise-conv2d", attrs, in);
    graph.add("relu6", "relu6", Attrs.EMPTY, depthwise);
    Inspection seen = Inspection.of(graph, Targets.builtIn().byName("DPUCADF8H_ISA0"));
    assertThat(placed(seen, "depthwise").rule()).isEqualTo("table28.depthwise-conv2d.supported");
  }

  private static OpPlacement placed(Inspection seen, String name) {
    return seen.ops().stream().filter(op -> op.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void theDrawingHasABoxForEachOpAndALegend() throws Exception {
    conv("large", conv("small", input(), 3), 17);
    Inspection seen = Inspection.of(graph, Targets.builtIn().byName("DPUCZDX8G_ISA1_B4096"));
    Document svg = parse(seen.svg(graph));
    // A box each, in a group each: they are for the caller, the DPU and the CPU.
    assertThat(svg.getElementsByTagName("g").getLength()).isEqualTo(3 + 3);
    assertThat(svg.getElementsByTagName("path").getLength()).isEqualTo(2);
    assertThat(seen.svg(graph)).contains(">DPU<", ">CPU<", ">USER<");
  }

  @Test
  void aThousandOpsWithHostileNamesAreStillXml() throws Exception {
    Op op = input();
    for (int i = 0; i < 1000; i++) {
      op = graph.add("<&\u001b" + i, "relu", Attrs.EMPTY, op);
    }
    List<GraphSvg.Group> groups =
        List.of(new GraphSvg.Group("<&\u001b", "DPU", graph.topologicalOrder()));
    String svg = GraphSvg.draw(groups, o -> "\"]]>");
    assertThat(parse(svg).getElementsByTagName("g").getLength()).isEqualTo(1 + 1001);
  }

  @Test
  void anEdgeOverSeveralRowsPassesBesideTheBoxesBetween() {
    Op first = input();
    Op middle = graph.add("middle", "relu", Attrs.EMPTY, first);
    Op last = graph.add("last", "add", Attrs.EMPTY, first, middle);
    GraphLayout layout = new GraphLayout(List.of(List.of(first, middle, last)));
    GraphLayout.Cell box = layout.boxes().get(middle);
    GraphLayout.Edge over =
        layout.edges().stream().filter(e -> e.cells().size() == 3).findFirst().orElseThrow();
    double pass = over.cells().get(1).middle();
    assertThat(pass < box.left() || pass > box.left() + GraphLayout.BOX_WIDTH).isTrue();
  }
}
