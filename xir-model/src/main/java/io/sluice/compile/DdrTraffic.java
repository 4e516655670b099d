package io.sluice.compile;

import io.sluice.xir.Op;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * Bytes that a superlayer moves between DDR and the device for one image, each tensor once:
 * constants and feature maps that it reads, feature maps that others read. Uploads, downloads,
 * reshapes and concats move nothing: they are addresses. A strided slice loads what it keeps.
 *
 * @param constantBytes weights and biases
 * @param loadBytes feature maps read
 * @param storeBytes feature maps written
 */
public record DdrTraffic(long constantBytes, long loadBytes, long storeBytes) {
  /** Of the ops of one superlayer. */
  public static DdrTraffic of(Collection<Op> superlayer) {
    Set<Op> inside = new HashSet<>(superlayer);
    Set<Op> read = new HashSet<>();
    long constants = 0;
    long loads = 0;
    long stores = 0;
    for (Op op : superlayer) {
      if (op.type().equals("const-fix")) {
        constants += bytes(op);
      } else if (op.type().equals("strided_slice-fix") && !inside.contains(op.input())) {
        loads += bytes(op);
        stores += inside.containsAll(op.fanOut()) ? 0 : bytes(op);
      } else if (!Superlayers.skipsCode(op.type()) && !op.type().equals("download")) {
        op.allInputs().stream().filter(in -> !inside.contains(in)).forEach(read::add);
        stores += inside.containsAll(op.fanOut()) && !op.fanOut().isEmpty() ? 0 : bytes(op);
      }
    }
    loads += read.stream().mapToLong(DdrTraffic::bytes).sum();
    return new DdrTraffic(constants, loads, stores);
  }

  private static long bytes(Op op) {
    return (long) op.output().shape().elements() * op.output().type().bytes();
  }

  public long totalBytes() {
    return constantBytes + loadBytes + storeBytes;
  }
}
