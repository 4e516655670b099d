/**
 * Which unit of a fleet a request goes to, and what becomes of it on its way through host, link and
 * unit, in simulated time. A room of its own because it needs the fleet and the service times,
 * which do not know each other, and knows neither leases nor Flink: policies are tried here on
 * thousands of units without tensors.
 */
package io.sluice.dispatch;
