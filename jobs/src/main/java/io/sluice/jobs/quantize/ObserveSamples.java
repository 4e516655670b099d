package io.sluice.jobs.quantize;

import io.sluice.quantize.Observation;
import io.sluice.quantize.Observer;
import io.sluice.xir.Npy;
import io.sluice.xir.TensorData;
import java.io.ByteArrayInputStream;
import java.util.Map;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Observes the samples of one subtask, given by their indices, and merges what it sees: at most one
 * observation, at the end.
 */
final class ObserveSamples extends AbstractStreamOperator<byte[]>
    implements OneInputStreamOperator<Long, byte[]>, BoundedOneInput {
  private static final long serialVersionUID = 1L;
  private static final long MAX_SAMPLE_BYTES = 256L << 20;

  private final NetworkSpec network;
  private final String state;
  private transient Observer observer;
  private transient Observation seen;

  /**
   * @param network what is calibrated
   * @param state where the last round left its decisions; null before the first round
   */
  ObserveSamples(NetworkSpec network, String state) {
    this.network = network;
    this.state = state;
  }

  @Override
  public void open() throws Exception {
    super.open();
    observer = network.resume(state).open();
  }

  @Override
  public void processElement(StreamRecord<Long> index) {
    long sample = index.getValue();
    String uri = network.samples().get((int) sample);
    TensorData data = Npy.read(new ByteArrayInputStream(Files.read(uri)), uri, MAX_SAMPLE_BYTES);
    Observation one = observer.observe(sample, Map.of(observer.inputName(), data));
    seen = seen == null ? one : seen.with(one);
  }

  @Override
  public void endInput() {
    if (seen != null) {
      output.collect(new StreamRecord<>(seen.toBytes()));
    }
  }

  @Override
  public void close() throws Exception {
    if (observer != null) {
      observer.close();
    }
    super.close();
  }
}
