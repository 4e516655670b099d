/**
 * Benchmarks that the command line runs: each compares with a peer in the same run, checks its own
 * results, and gives medians.
 */
package io.sluice.jobs.bench;
