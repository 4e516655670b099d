/**
 * What custom ops compute, as their users wrote it: the interface, and the implementations on the
 * class path. A room of its own because the quantizer, which calibrates a float graph, and the
 * runner of CPU subgraphs both need it. How a custom op is defined is in {@code io.sluice.xir}.
 */
package io.sluice.xir.custom;
