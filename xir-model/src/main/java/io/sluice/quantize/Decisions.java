package io.sluice.quantize;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.xir.Graph;
import io.sluice.xir.Op;
import io.sluice.xir.TensorData;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What calibration decided about a network, by the names of its ops, so that it holds for the
 * network at every input size: the same positions, the same weights.
 *
 * @param points the position of each tensor, by the op that makes it
 * @param constantPositions the position of each constant, by {@code reader/argument}
 * @param constants the constants that differ from the prepared float graph's, by their op
 * @param warnings positions that the hardware's rules moved, and what was odd about the data
 */
record Decisions(
    Map<String, Integer> points,
    Map<String, Integer> constantPositions,
    Map<String, float[]> constants,
    List<String> warnings) {
  static final Decisions NONE = new Decisions(Map.of(), Map.of(), Map.of(), List.of());

  /** The graph with its constants replaced. */
  Graph withConstants(Graph prepared) {
    Graph graph = new Graph(prepared.name(), prepared.library());
    graph.setAttrs(prepared.attrs());
    Map<Op, Op> copies = new HashMap<>();
    for (Op op : prepared.topologicalOrder()) {
      float[] values = constants.get(op.name());
      if (values != null) {
        TensorData data = TensorData.ofFloats(op.output().shape(), values);
        copies.put(op, graph.addConst(op.name(), data));
        continue;
      }
      Map<String, List<Op>> inputs = new LinkedHashMap<>();
      op.inputs().forEach((arg, from) -> inputs.put(arg, from.stream().map(copies::get).toList()));
      copies.put(op, graph.add(op.name(), op.type(), op.attrs(), inputs, op.output()));
    }
    return graph;
  }

  /** With the positions that a plan has now. */
  Decisions withPositions(QuantizationPlan plan, Positions positions, List<String> more) {
    Map<String, Integer> atPoints = new TreeMap<>();
    plan.points().forEach(op -> atPoints.put(op.name(), positions.get(op)));
    Map<String, Integer> atConstants = new TreeMap<>();
    positions
        .constants()
        .forEach((use, p) -> atConstants.put(use.reader().name() + "/" + use.arg(), p));
    return new Decisions(atPoints, atConstants, constants, more);
  }

  /** With other values for some constants. */
  Decisions withConstants(Map<Op, float[]> changed) {
    Map<String, float[]> all = new TreeMap<>(constants);
    changed.forEach((op, values) -> all.put(op.name(), values));
    return new Decisions(points, constantPositions, all, warnings);
  }

  /**
   * The positions for a plan of the network.
   *
   * @throws SluiceException QUANTIZER_TORCH_CALIB_RESULT_MISMATCH if the plan is of another network
   */
  Positions positions(QuantizationPlan plan) {
    Positions positions = new Positions(plan);
    for (Op op : plan.points()) {
      positions.seek(op, get(points, op.name()));
    }
    for (Op op : plan.order()) {
      if (plan.kind(op) == QuantizableOps.Kind.CONVOLUTION) {
        for (String arg : List.of("weights", "bias")) {
          if (!op.inputs(arg).isEmpty()) {
            positions.setConstant(op, arg, get(constantPositions, op.name() + "/" + arg));
          }
        }
      }
    }
    return positions;
  }

  private static int get(Map<String, Integer> map, String key) {
    Integer position = map.get(key);
    if (position == null) {
      throw new SluiceException(
          ErrorCode.QUANTIZER_TORCH_CALIB_RESULT_MISMATCH,
          "no position for '" + key + "'",
          "decisions of a calibration",
          "apply them to the network that was calibrated, at any input size");
    }
    return position;
  }

  void write(DataOutput out) throws IOException {
    writePositions(points, out);
    writePositions(constantPositions, out);
    out.writeInt(constants.size());
    for (Map.Entry<String, float[]> e : new TreeMap<>(constants).entrySet()) {
      out.writeUTF(e.getKey());
      out.writeInt(e.getValue().length);
      for (float v : e.getValue()) {
        out.writeFloat(v);
      }
    }
    out.writeInt(warnings.size());
    for (String warning : warnings) {
      out.writeUTF(warning);
    }
  }

  private static void writePositions(Map<String, Integer> map, DataOutput out) throws IOException {
    out.writeInt(map.size());
    for (Map.Entry<String, Integer> e : new TreeMap<>(map).entrySet()) {
      out.writeUTF(e.getKey());
      out.writeInt(e.getValue());
    }
  }

  static Decisions read(DataInputStream in) throws IOException {
    Map<String, Integer> points = readPositions(in);
    Map<String, Integer> constantPositions = readPositions(in);
    Map<String, float[]> constants = new TreeMap<>();
    int count = ByteForm.count(in, Short.BYTES + Integer.BYTES);
    for (int i = 0; i < count; i++) {
      String name = in.readUTF();
      float[] values = new float[ByteForm.count(in, Float.BYTES)];
      for (int k = 0; k < values.length; k++) {
        values[k] = in.readFloat();
      }
      constants.put(name, values);
    }
    String[] warnings = new String[ByteForm.count(in, Short.BYTES)];
    for (int i = 0; i < warnings.length; i++) {
      warnings[i] = in.readUTF();
    }
    return new Decisions(points, constantPositions, constants, List.of(warnings));
  }

  private static Map<String, Integer> readPositions(DataInputStream in) throws IOException {
    Map<String, Integer> map = new TreeMap<>();
    int count = ByteForm.count(in, Short.BYTES + Integer.BYTES);
    for (int i = 0; i < count; i++) {
      String name = in.readUTF();
      map.put(name, in.readInt());
    }
    return map;
  }
}
