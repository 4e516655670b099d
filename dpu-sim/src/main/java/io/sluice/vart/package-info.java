/**
 * A model that runs: runners with VART's execute-and-wait semantics, workspaces that run without a
 * copy, the walk over a graph's subgraphs, the executor of CPU subgraphs, and the store that holds
 * each model once per process. What a DPU computes and how long it takes lives in {@code
 * io.sluice.dpu}.
 */
package io.sluice.vart;
