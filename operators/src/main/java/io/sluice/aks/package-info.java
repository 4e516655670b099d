/**
 * Graphs of the AI Kernel Scheduler (AKS) as Flink jobs: kernels and how they are found, kernel and
 * graph files, the checks of a graph before it runs, and the topology that runs it. The kernels
 * themselves live in {@code io.sluice.aks.kernel}.
 *
 * <p>How a failure ends its job. A Flink graph has no cycles, so nothing can be told to the nodes
 * before or beside the one that failed: the failure takes the way that the output would have taken.
 * The nodes on it pass it on unopened. A join drops what it holds of the job at once, and what
 * comes later as it comes; it waits for the rest only to count it, so that a job ends as one dead
 * letter, and of several failures the same is told whichever came first. What branches beside the
 * failed node, or other parts of the job, have still to do they do, and it is dropped at the join;
 * a DPU node that is set to cancel ends their waiting in its queues, with a memory of the last 1024
 * failed jobs a queue: everywhere in the node for a failure before it, in its own queue for one in
 * it. A batch that has begun is never stopped, as no device stops one. Of a whole job no two
 * requests wait at one node, so there is nothing to cancel but parts.
 */
package io.sluice.aks;
