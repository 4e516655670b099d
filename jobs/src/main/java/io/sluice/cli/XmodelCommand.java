package io.sluice.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.inspect.GraphSvg;
import io.sluice.xir.Graph;
import io.sluice.xir.XModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what an XMODEL holds. */
@Command(
    name = "xmodel",
    description = "Shows what an XMODEL file holds: its ops, its borders, its subgraphs.")
final class XmodelCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "The XMODEL.")
  private Path file;

  @ArgGroup(exclusive = true)
  private View view = new View();

  @Option(
      names = "--svg",
      paramLabel = "FILE",
      description = "Also draw the graph, subgraphs coloured by device.")
  private Path svg;

  @Option(names = "--json", description = "Print one JSON document.")
  private boolean json;

  /** What to show; the summary if nothing is chosen. */
  private static final class View {
    @Option(
        names = "--subgraphs",
        description = "What runs on which device, with borders, registers and code size.")
    private boolean subgraphs;

    @Option(names = "--op", paramLabel = "NAME", description = "One op in full.")
    private String op;

    @Option(names = "--meta", description = "The attributes of the graph.")
    private boolean meta;
  }

  @Override
  public Integer call() throws IOException {
    Graph graph = XModel.read(file);
    if (svg != null) {
      Files.writeString(svg, GraphSvg.draw(graph));
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(asJson(graph)));
    } else {
      asText(graph, new XmodelText(out));
    }
    return 0;
  }

  private ObjectNode asJson(Graph graph) {
    if (view.subgraphs) {
      return XmodelJson.subgraphs(graph);
    } else if (view.op != null) {
      return XmodelJson.op(graph.op(view.op));
    } else if (view.meta) {
      return XmodelJson.meta(graph);
    }
    return XmodelJson.summary(graph);
  }

  private void asText(Graph graph, XmodelText text) {
    if (view.subgraphs) {
      text.subgraphs(graph);
    } else if (view.op != null) {
      text.op(graph.op(view.op));
    } else if (view.meta) {
      text.meta(graph);
    } else {
      text.summary(graph);
    }
  }
}
