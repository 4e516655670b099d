/** What a run is reported as: metrics and, where there are any, HTML and text reports. */
package io.sluice.report;
