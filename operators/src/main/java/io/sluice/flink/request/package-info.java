/**
 * What every pipeline does at its edges: requests from records, images that requests name, dead
 * letters of what failed.
 */
package io.sluice.flink.request;
