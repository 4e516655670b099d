package io.sluice.compile;

import io.sluice.xir.TensorData;

/**
 * Constant fixed-point values.
 *
 * @param name of the op that will hold them
 * @param data signed integers of 8 bits
 * @param position the fix position: a stored q means {@code q * 2^-position}
 */
record FixedTensor(String name, TensorData data, int position) {}
