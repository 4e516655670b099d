package io.sluice.target;

import java.io.Serializable;

/**
 * The column of the guide's Table 28 that holds for a target, and what its rules call {@code
 * bank_depth} and {@code bank_num}. The table prints both for one configuration of each family; for
 * the families whose {@code bank_num} it leaves out, 1 is the value that never allows too much.
 *
 * @param column the configuration that the column is printed for
 * @param bankDepth lines of a bank
 * @param bankNum banks of a feature map
 */
public record TableColumn(String column, int bankDepth, int bankNum) implements Serializable {}
