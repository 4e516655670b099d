/**
 * Passes over float graphs. A pass reads one graph and gives another, without what nothing reads
 * any more; the order in which passes run follows from what each declares ({@link
 * io.sluice.optimize.FloatPasses}). Nothing here knows where a graph came from.
 */
package io.sluice.optimize;
