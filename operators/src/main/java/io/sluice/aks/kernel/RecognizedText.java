package io.sluice.aks.kernel;

/**
 * What a line says.
 *
 * @param text the characters, possibly none
 * @param confidence the mean probability of the characters, 0 to 1; 0 when there are none
 */
public record RecognizedText(String text, float confidence) {}
