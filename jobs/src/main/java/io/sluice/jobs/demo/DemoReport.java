package io.sluice.jobs.demo;

import io.sluice.fleet.Fleet;
import io.sluice.jobs.CompiledOcr;

/**
 * What a demo shows: the same pages read twice.
 *
 * @param floats by the float networks on this machine's processor
 * @param int8 by the quantized networks on a simulated fleet
 * @param compiled these networks
 * @param fleet the fleet
 * @param pagesPerSecondSent mean rate at which the pages arrived at the fleet
 * @param seed of the times at which they did
 */
public record DemoReport(
    DemoResult floats,
    DemoResult int8,
    CompiledOcr compiled,
    Fleet fleet,
    double pagesPerSecondSent,
    long seed) {}
