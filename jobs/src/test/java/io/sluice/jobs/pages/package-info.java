/**
 * Makes the document pages of the demo and single text lines for load tests. Pages are rendered
 * from a seed with fonts that only tests carry; what the product ships are the images and their
 * truth.
 */
package io.sluice.jobs.pages;
