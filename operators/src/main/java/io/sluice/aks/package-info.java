/**
 * Graphs of the AI Kernel Scheduler (AKS) as Flink jobs: kernels and how they are found, kernel and
 * graph files, the checks of a graph before it runs, and the topology that runs it. The kernels
 * themselves live in {@code io.sluice.aks.kernel}.
 */
package io.sluice.aks;
