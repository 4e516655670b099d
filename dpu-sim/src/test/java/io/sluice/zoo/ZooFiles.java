package io.sluice.zoo;

import io.sluice.compile.Compiler;
import io.sluice.target.DpuTarget;
import io.sluice.target.Targets;
import io.sluice.xir.Graph;
import io.sluice.xir.XModel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Files of all kinds, by name, of networks with all of their layers but few channels. */
public final class ZooFiles {
  private static final double NARROW = 0.02;
  private static final long SEED = 5;

  private ZooFiles() {}

  private static Network narrow(Zoo zoo) {
    return Network.of(zoo, zoo.small().sized(zoo.small().size(), NARROW));
  }

  /** ONNX files of every network. */
  public static Map<String, byte[]> onnx() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (Zoo zoo : Zoo.values()) {
      files.put(zoo.title(), narrow(zoo).onnx());
    }
    return files;
  }

  /** The quantized XMODELs of some networks. */
  public static Map<String, byte[]> quantized() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    some().forEach((zoo, graph) -> files.put(zoo.title() + ", quantized", XModel.toBytes(graph)));
    return files;
  }

  /** The same, compiled. */
  public static Map<String, byte[]> compiled() {
    DpuTarget target = Targets.builtIn().byName("DPUCZDX8G_ISA1_B4096");
    Map<String, byte[]> files = new LinkedHashMap<>();
    some()
        .forEach(
            (zoo, graph) ->
                files.put(
                    zoo.title() + ", compiled",
                    XModel.toBytes(Compiler.compile(graph, target).graph())));
    return files;
  }

  private static Map<Zoo, Graph> some() {
    Map<Zoo, Graph> graphs = new LinkedHashMap<>();
    for (Zoo zoo : List.of(Zoo.RESNET18, Zoo.MOBILENET_V2, Zoo.YOLOV3_TINY, Zoo.TRANSFORMER)) {
      graphs.put(zoo, Network.quantized(narrow(zoo).imported(), 1, SEED));
    }
    return graphs;
  }
}
