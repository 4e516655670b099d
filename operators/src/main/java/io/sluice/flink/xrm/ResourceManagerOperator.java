package io.sluice.flink.xrm;

import io.sluice.fleet.Fleet;
import io.sluice.flink.metrics.LeaseMeters;
import io.sluice.xrm.LeaseManager;
import io.sluice.xrm.LeaseUpdate;
import io.sluice.xrm.ManagerState;
import java.util.Iterator;
import java.util.List;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Runs the {@link LeaseManager} of a fleet, for parallelism 1. The timestamp of an update is its
 * time in nanoseconds. When the operator is restored it says first, in a new epoch and at the time
 * of the last event, what every slot holds. When the scenario is over, and nothing can happen to a
 * card any more, it takes everything back for the end of the job.
 */
final class ResourceManagerOperator extends AbstractStreamOperator<LeaseUpdate>
    implements OneInputStreamOperator<ControlRecord, LeaseUpdate> {
  private static final long serialVersionUID = 1L;

  private final Fleet fleet;
  private transient ListState<ManagerState> states;
  private transient LeaseManager manager;
  private transient LeaseMeters meters;

  ResourceManagerOperator(Fleet fleet) {
    this.fleet = fleet;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    states =
        context
            .getOperatorStateStore()
            .getListState(
                new ListStateDescriptor<>("manager-state", ManagerStateSerializer.INSTANCE));
  }

  @Override
  public void open() throws Exception {
    super.open();
    Iterator<ManagerState> restored = states.get().iterator();
    if (!restored.hasNext()) {
      manager = new LeaseManager(fleet);
      meters = meters();
    } else {
      ManagerState state = restored.next();
      manager = LeaseManager.restore(fleet, state);
      meters = meters();
      say(manager.regrant(state.epoch() + 1, state.atNs()));
    }
  }

  private LeaseMeters meters() {
    return new LeaseMeters(getMetricGroup(), manager::held, manager::waiting);
  }

  @Override
  public void processElement(StreamRecord<ControlRecord> element) {
    ControlRecord control = element.getValue();
    if (control instanceof ControlRecord.Joins joins) {
      say(manager.demand(joins.atNs(), joins.demand()));
    } else if (control instanceof ControlRecord.Fault fault) {
      say(manager.fault(fault.event()));
    }
  }

  /**
   * The last watermark says that the scenario is over: what is said for the end goes before it. It
   * does not come when a job stops to go on later.
   */
  @Override
  public void processWatermark(Watermark mark) throws Exception {
    if (mark.equals(Watermark.MAX_WATERMARK)) {
      say(manager.releaseAll());
    }
    super.processWatermark(mark);
  }

  private void say(List<LeaseUpdate> updates) {
    for (LeaseUpdate update : updates) {
      meters.said(update);
      output.collect(new StreamRecord<>(update, update.atNs()));
    }
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    states.update(List.of(manager.state()));
  }

  @Override
  public void close() throws Exception {
    if (meters != null) {
      meters.close();
    }
    super.close();
  }
}
