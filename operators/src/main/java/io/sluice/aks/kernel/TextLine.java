package io.sluice.aks.kernel;

/**
 * A box and what was read in it.
 *
 * @param box where it is on the page
 * @param text what it says
 */
public record TextLine(TextBox box, RecognizedText text) {}
