package io.sluice.flink.dpu;

/**
 * What all slots of a subtask share.
 *
 * @param node whose slots they are
 * @param settings how it runs
 * @param batching when a batch begins
 * @param times how long it takes
 * @param agenda what is going to happen
 * @param device who computes and hands answers on
 */
record Surroundings(
    DpuNode node,
    DpuSettings settings,
    BatchPolicy batching,
    ServiceTimes times,
    Agenda agenda,
    Device device) {
  Surroundings(DpuNode node, DpuSettings settings, Device device) {
    this(
        node,
        settings,
        new DynamicBatching(settings.batching()),
        new ServiceTimes(),
        new Agenda(),
        device);
  }
}
