/**
 * The cards of a simulated fleet, their compute units, the file that lists them, and what goes
 * wrong with them when. Who holds a unit is not known here.
 */
package io.sluice.fleet;
