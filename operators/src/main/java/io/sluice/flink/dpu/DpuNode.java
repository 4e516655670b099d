package io.sluice.flink.dpu;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import io.sluice.flink.Packet;
import io.sluice.target.Fingerprint;
import io.sluice.xir.TensorData;
import io.sluice.xrm.Demand;
import io.sluice.xrm.SlotId;
import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.flink.util.MathUtils;

/**
 * A network of a pipeline that runs on DPUs: one input, in several fixed shapes.
 *
 * @param id names the node in leases, measurements and failures
 * @param input name of the tensor taken; it is not handed on
 * @param outputs names of the tensors made, in the order of {@link
 *     io.sluice.vart.Runner#outputTensors}
 * @param modelsByWidth a model for each width of the input (axis 2 of NHWC), all for one target
 * @param slots queues that the requests are spread over; 1 or more
 * @param units wanted of the fleet, at least one for each slot: the slots take turns
 */
public record DpuNode(
    String id,
    String input,
    List<String> outputs,
    Map<Integer, DpuModel> modelsByWidth,
    int slots,
    int units)
    implements Serializable {
  /** No node has more slots or units. */
  public static final int MAX_SLOTS = 1 << 16;

  /**
   * @throws SluiceException SLUICE_USAGE if there is no model or the number of slots or units is
   *     out of range; VART_DEVICE_MISMATCH if the models are for different targets
   */
  public DpuNode {
    outputs = List.copyOf(outputs);
    modelsByWidth = Collections.unmodifiableMap(new TreeMap<>(modelsByWidth));
    if (modelsByWidth.isEmpty() || slots < 1 || units < slots || units > MAX_SLOTS) {
      throw new SluiceException(
          ErrorCode.SLUICE_USAGE,
          modelsByWidth.size() + " models, " + slots + " slots, " + units + " units",
          "DPU node '" + id + "'",
          "give it a model, 1 to " + MAX_SLOTS + " slots and a unit for each");
    }
    List<String> targets =
        modelsByWidth.values().stream().map(m -> m.profile().target().name()).distinct().toList();
    if (targets.size() > 1) {
      throw new SluiceException(
          ErrorCode.VART_DEVICE_MISMATCH,
          "models for " + targets,
          "DPU node '" + id + "'",
          "compile all of its models for one target");
    }
  }

  /** A node of a network with one output, with a unit for each slot. */
  public DpuNode(
      String id, String input, String output, Map<Integer, DpuModel> modelsByWidth, int slots) {
    this(id, input, List.of(output), modelsByWidth, slots, slots);
  }

  /** What a unit must be to run this node. */
  public Fingerprint fingerprint() {
    return modelsByWidth.values().iterator().next().profile().target().fingerprint();
  }

  /** This node with other numbers of slots and units. */
  DpuNode with(int otherSlots, int otherUnits) {
    return new DpuNode(id, input, outputs, modelsByWidth, otherSlots, otherUnits);
  }

  /** One demand for each unit: to the resource manager each is a slot of its own. */
  public List<Demand> demands() {
    return IntStream.range(0, units)
        .mapToObj(unit -> new Demand(new SlotId(id, unit), fingerprint()))
        .toList();
  }

  /** Whose queue a unit works off. */
  int slotOfUnit(int unit) {
    return unit % slots;
  }

  /** Which of its slot's units a unit is, from 0. */
  int seatOf(int unit) {
    return unit / slots;
  }

  /** How many units work off the queue of a slot. */
  int seats(int slot) {
    return units / slots + (slot < units % slots ? 1 : 0);
  }

  /** The slot of a packet: a hash of the request's id and the part, whatever the parallelism. */
  int slotOf(Packet packet) {
    int hash = 31 * packet.origin().requestId().hashCode() + packet.part();
    return MathUtils.murmurHash(hash) % slots;
  }

  /**
   * The width for which there is a model.
   *
   * @throws SluiceException VART_SIZE_MISMATCH if there is none for this tensor
   */
  int widthOf(TensorData value) {
    int width = value.shape().rank() < 3 ? -1 : value.shape().dim(2);
    if (!modelsByWidth.containsKey(width)) {
      throw new SluiceException(
          ErrorCode.VART_SIZE_MISMATCH,
          "no model for an input of " + value + ", only for the widths " + modelsByWidth.keySet(),
          "tensor '" + input + "'",
          "compile the model for this width");
    }
    return width;
  }
}
