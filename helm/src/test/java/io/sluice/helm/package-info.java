/** Tests of the chart: what it renders, and which values it refuses. */
package io.sluice.helm;
