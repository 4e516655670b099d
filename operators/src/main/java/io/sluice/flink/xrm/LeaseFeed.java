package io.sluice.flink.xrm;

import io.sluice.xrm.Demand;
import io.sluice.xrm.LeaseUpdate;
import java.util.List;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Where the slots of a job get their units from, instead of from a fleet of their own. */
public interface LeaseFeed {
  /**
   * Adds what is needed to a job.
   *
   * @param demands each of another slot
   * @return what the slots hold, from one subtask; in paced time
   */
  DataStream<LeaseUpdate> leases(StreamExecutionEnvironment env, List<Demand> demands);
}
