/**
 * From a quantized graph (float ops and {@code fix} ops) to a compiled one: which ops a target's
 * DPU runs and why the others stay on the CPU, fusion into fixed-point ops and superlayers, the
 * subgraph tree, workloads. No instructions yet, so constants inside DPU subgraphs keep their data.
 */
package io.sluice.compile;
