/**
 * How long a compiled model takes on a platform. Everything that comes from here is modelled, never
 * measured.
 */
package io.sluice.dpu.timing;
