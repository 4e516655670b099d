/**
 * Well-known networks as ONNX files with seeded weights, spelled as PyTorch's exporter spells them,
 * and what holds for all of them from the file to the bytes that a DPU gives. They live here since
 * this is the first module that sees the whole way.
 */
package io.sluice.zoo;
