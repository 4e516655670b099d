package io.sluice.jobs.quantize;

import io.sluice.quantize.Calibration;
import io.sluice.quantize.QuantizeConfig;
import io.sluice.xir.Graph;
import io.sluice.xir.XModel;
import java.io.ByteArrayInputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A network to quantize and compile.
 *
 * @param name of the network; files begin with it
 * @param models URIs of its float XMODELs by what tells the input sizes apart, e.g. 48x320
 * @param samples URIs of calibration samples, .npy files of the shape of one of these sizes, in
 *     order
 * @param config how to quantize
 */
public record NetworkSpec(
    String name, SortedMap<String, String> models, List<String> samples, QuantizeConfig config)
    implements Serializable {
  public NetworkSpec {
    models = Collections.unmodifiableSortedMap(new TreeMap<>(models));
    samples = List.copyOf(samples);
  }

  /** The float graphs at all sizes, in the order of their keys. */
  List<Graph> graphs() {
    List<Graph> graphs = new ArrayList<>();
    models.keySet().forEach(size -> graphs.add(graph(size)));
    return graphs;
  }

  Graph graph(String size) {
    byte[] bytes = Files.read(models.get(size));
    return XModel.read(new ByteArrayInputStream(bytes), models.get(size), XModel.MAX_BYTES);
  }

  /** The calibration where the last round left it. */
  Calibration resume(String state) {
    return state == null
        ? Calibration.of(graphs(), config)
        : Calibration.resume(graphs(), config, Files.read(state));
  }
}
