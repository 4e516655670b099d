/**
 * The batch job that quantizes a network and compiles it at all its input sizes. What is decided in
 * a round lies in {@code io.sluice.quantize}; here is who does it where.
 */
package io.sluice.jobs.quantize;
