/**
 * XIR, the intermediate representation of the Vitis AI compiler: {@link io.sluice.xir.Graph} of
 * {@link io.sluice.xir.Op}s that each produce one {@link io.sluice.xir.Tensor}, typed attributes,
 * the subgraph tree, the library of built-in ops with their checks and shape inference, and the
 * XMODEL file.
 *
 * <p>Layout is channel-last (NHWC) everywhere. What a model means when it runs is not here but in
 * {@code io.sluice.dpu} and {@code io.sluice.vart}.
 */
package io.sluice.xir;
