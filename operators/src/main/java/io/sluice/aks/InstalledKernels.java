package io.sluice.aks;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;

/** The kernels that are there, by name. */
public final class InstalledKernels {
  private final SortedMap<String, KernelProvider> providers = new TreeMap<>();

  private InstalledKernels(Iterable<KernelProvider> found) {
    for (KernelProvider provider : found) {
      String name = provider.spec().name();
      KernelProvider other = providers.put(name, provider);
      if (other != null) {
        throw new SluiceException(
            ErrorCode.SLUICE_KERNEL_DUPLICATE,
            "two kernels '" + name + "'",
            other.getClass().getName() + " and " + provider.getClass().getName(),
            "rename one of them, or take its jar off the class path");
      }
    }
  }

  /**
   * All that the class path offers.
   *
   * @throws SluiceException SLUICE_KERNEL_DUPLICATE if two have one name
   */
  public static InstalledKernels find() {
    return new InstalledKernels(ServiceLoader.load(KernelProvider.class));
  }

  /** These and no others. */
  public static InstalledKernels of(Collection<? extends KernelProvider> providers) {
    return new InstalledKernels(Collections.unmodifiableCollection(providers));
  }

  /** The kernel of a name. */
  public Optional<KernelProvider> byName(String name) {
    return Optional.ofNullable(providers.get(name));
  }

  /** All of them, sorted by name. */
  public SortedMap<String, KernelProvider> all() {
    return Collections.unmodifiableSortedMap(providers);
  }
}
