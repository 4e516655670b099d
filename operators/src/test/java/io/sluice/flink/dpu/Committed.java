package io.sluice.flink.dpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Takes lines in transactions that a checkpoint commits, as a Kafka topic does: what a test sees of
 * them is what a reader of committed records would.
 */
final class Committed extends AbstractStreamOperator<String>
    implements OneInputStreamOperator<String, String> {
  private static final long serialVersionUID = 1L;

  /** By job and key; of the process, since operators are copied and started again. */
  private static final Map<String, ConcurrentMap<String, String>> ALL = new ConcurrentHashMap<>();

  /** Checkpoint, a key of its own, line. */
  private static final TypeInformation<Tuple3<Long, String, String>> ENTRY =
      Types.TUPLE(Types.LONG, Types.STRING, Types.STRING);

  private final String job;
  private transient ListState<Tuple3<Long, String, String>> state;
  private transient List<Tuple3<Long, String, String>> pending;
  private transient List<String> open;

  Committed(String job) {
    this.job = job;
    ALL.putIfAbsent(job, new ConcurrentHashMap<>());
  }

  /** All lines, sorted. */
  static List<String> lines(String job) {
    return ALL.get(job).values().stream().sorted().toList();
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    state = context.getOperatorStateStore().getListState(new ListStateDescriptor<>("lines", ENTRY));
    pending = new ArrayList<>();
    open = new ArrayList<>();
    state.get().forEach(pending::add);
    commit(Long.MAX_VALUE);
  }

  @Override
  public void processElement(StreamRecord<String> line) {
    open.add(line.getValue());
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    for (String line : open) {
      pending.add(Tuple3.of(context.getCheckpointId(), UUID.randomUUID().toString(), line));
    }
    open.clear();
    state.update(pending);
  }

  @Override
  public void notifyCheckpointComplete(long checkpoint) throws Exception {
    super.notifyCheckpointComplete(checkpoint);
    commit(checkpoint);
  }

  /** A line is committed once, however often this is tried. */
  private void commit(long checkpoint) {
    pending.removeIf(
        entry -> {
          boolean isDone = entry.f0 <= checkpoint;
          if (isDone) {
            ALL.get(job).put(entry.f1, entry.f2);
          }
          return isDone;
        });
  }
}
