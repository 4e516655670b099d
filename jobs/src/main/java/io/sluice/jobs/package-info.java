/**
 * The Flink jobs and their Kafka edges, and the models that they run. What a stage does lives in
 * {@code io.sluice.flink}.
 */
package io.sluice.jobs;
