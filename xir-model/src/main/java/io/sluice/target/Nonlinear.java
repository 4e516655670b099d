package io.sluice.target;

/** Activations of fixed-point ops; the names are the values of the attribute {@code nonlinear}. */
public enum Nonlinear {
  NONE,
  RELU,
  PRELU,
  LEAKYRELU,
  RELU6,
  HSIGMOID,
  HSWISH
}
