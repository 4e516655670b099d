package io.sluice.aks;

import java.util.List;
import java.util.Optional;

/**
 * Makes kernels of one name. Found by {@link java.util.ServiceLoader}: name the class in {@code
 * META-INF/services/io.sluice.aks.KernelProvider}; it needs a public constructor without arguments
 * and holds no state.
 */
public interface KernelProvider {
  /**
   * What the kernel is when no kernel file says otherwise. A file may change num_cu, and what is
   * optional and the defaults; the name finds it, and the types must agree.
   */
  KernelSpec spec();

  /**
   * What the node gives for what it takes, known before it runs. Called where the job is submitted.
   *
   * @param params checked against the spec, with the defaults filled in
   * @param inputs what is known of the tensors that come; empty for a first node
   * @return what is known of the node's outputs (of a splitting kernel: of a part's); empty if not
   *     even their number is. A run that gives something else ends as a dead letter
   * @throws io.sluice.error.SluiceException SLUICE_GRAPH_SHAPE if the kernel cannot take the
   *     inputs, {@link NodeParams#invalid} if it cannot work with the parameters
   */
  default Optional<List<TensorSpec>> outputs(NodeParams params, List<TensorSpec> inputs) {
    return Optional.empty();
  }

  /**
   * Makes the kernel of a node.
   *
   * @throws io.sluice.error.SluiceException {@link NodeParams#invalid} if a value of a parameter
   *     makes no sense
   */
  Kernel create(NodeParams params, KernelContext context);
}
