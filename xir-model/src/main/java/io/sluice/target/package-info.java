/**
 * What devices there are: the DPU targets with their engines, banks and fingerprints, the operator
 * limits of the guide's Table 28, and the platforms that carry DPUs. All of it is data in resource
 * files; nothing here knows a graph.
 */
package io.sluice.target;
