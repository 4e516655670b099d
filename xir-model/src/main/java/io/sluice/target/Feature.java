package io.sluice.target;

/** What the bit fields of feature codes say. Which of them a code has depends on its family. */
public enum Feature {
  /** Index of the convolution engine's parallelism. */
  ARCH,
  /** Images that a unit works on at the same time. */
  BATCH,
  /** AI engines that compute everything but convolutions. */
  ALU_CORES,
  /** Rows that the ALU does in a cycle. */
  ALU_PARALLEL,
  /** 0 no ALU, 1 everything in two dimensions, 2 in three. */
  ALU_MODE,
  POOL_PARALLEL,
  DWCONV_PARALLEL,
  ELTWISE_PARALLEL,
  /** Index of the depths of the memories. */
  RAM_DEPTH,
  /** Groups of banks for feature maps. */
  BANK_GROUPS,
  /** Whether a first layer's kernel columns and channels are packed together. */
  CHANNEL_AUGMENTATION,
  /** Whether loading subtracts a mean. */
  LOAD_MEAN,
  CONV_LEAKY_RELU,
  CONV_RELU6,
  DWCONV_LEAKY_RELU,
  DWCONV_RELU6,
  POOL_AVERAGE,
  POOL_DOWNSAMPLE,
  ELTWISE_MULTIPLY,
  /** Whether storing can write the index of the greatest channel instead. */
  SAVE_ARGMAX,
  /** Columns that the convolution engine does in parallel, as a power of two. */
  CONV_WIDTH_LOG2,
  /** Columns that the ALU does in parallel, as a power of two. */
  ALU_WIDTH_LOG2
}
