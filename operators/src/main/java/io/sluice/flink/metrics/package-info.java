/** Micrometer meters on Flink's metric groups, and what the stages measure with them. */
package io.sluice.flink.metrics;
