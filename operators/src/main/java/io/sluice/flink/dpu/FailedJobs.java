package io.sluice.flink.dpu;

import io.sluice.flink.Failure;
import io.sluice.flink.Packet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Requests of which a part failed, by the position of their record, with the failure: the last
 * {@value #MOST} of a slot. A part of an older one that comes late runs for nothing.
 */
final class FailedJobs {
  static final int MOST = 1024;

  private final Map<String, Failure> failures = new LinkedHashMap<>();

  /**
   * @return whether it was not known
   */
  boolean add(String position, Failure failure) {
    boolean isNew = failures.putIfAbsent(position, failure) == null;
    if (failures.size() > MOST) {
      failures.remove(failures.keySet().iterator().next());
    }
    return isNew;
  }

  /** Why the request of a part has failed, if it has. */
  Optional<Failure> of(Packet packet) {
    return failures.isEmpty() || packet.isWhole()
        ? Optional.empty()
        : Optional.ofNullable(failures.get(packet.origin().position()));
  }

  /** In the order in which they failed. */
  Map<String, Failure> failures() {
    return new LinkedHashMap<>(failures);
  }
}
