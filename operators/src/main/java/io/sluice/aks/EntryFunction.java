package io.sluice.aks;

import io.sluice.flink.Packet;
import io.sluice.flink.request.DecodeRequest;
import io.sluice.xir.TensorData;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/** Makes jobs of requests: an encoded image, the path of one, or tensors as they are. */
final class EntryFunction extends ProcessFunction<Packet, Packet> {
  private static final long serialVersionUID = 1L;

  private final boolean isVirtual;

  EntryFunction(boolean isVirtual) {
    this.isVirtual = isVirtual;
  }

  @Override
  public void processElement(Packet request, Context context, Collector<Packet> out) {
    if (request.failed()) {
      out.collect(request);
      return;
    }
    List<TensorData> inputs = new ArrayList<>(JobPackets.outputs(request, JobPackets.REQUEST));
    if (request.has(DecodeRequest.ENCODED)) {
      inputs.add(request.tensor(DecodeRequest.ENCODED));
    }
    Map<String, ParamValue> params = new TreeMap<>();
    String image = request.texts().get(DecodeRequest.IMAGE_URI);
    if (image != null) {
      params.put(JobParams.IMAGE_PATHS, ParamValue.ofStrings(List.of(image)));
    }
    long nowNs = isVirtual ? context.timestamp() : WallClock.micros() * 1000;
    out.collect(JobPackets.first(request, inputs, params, nowNs));
  }
}
