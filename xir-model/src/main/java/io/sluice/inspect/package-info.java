/**
 * What a target would run of a graph, shown to a person: devices, rules, hints and a drawing. A
 * room of its own because it explains and draws what {@code io.sluice.compile} decides; it decides
 * nothing.
 */
package io.sluice.inspect;
