package io.sluice.target;

import java.util.Collection;
import java.util.stream.Collectors;

/** Writes parts of a target as the sheet of expected values has them. */
final class Sheet {
  private Sheet() {}

  static String conv(ConvEngine e) {
    return String.format(
        "%dx%dx%d aug %d k %s s %s %s",
        e.inputChannelParallel(),
        e.outputChannelParallel(),
        e.pixelParallel(),
        e.channelAugmentation(),
        e.kernel(),
        e.stride(),
        sorted(e.nonlinear()));
  }

  static String banks(DpuTarget target) {
    String banks =
        target.banks().stream()
            .map(
                b ->
                    String.format(
                        "%s:%s:%d:%dx%dx%d",
                        b.name(), b.kind(), b.base(), b.count(), b.widthBytes(), b.depth()))
            .collect(Collectors.joining(" "));
    return banks.isEmpty() ? "-" : banks;
  }

  static String engines(DpuTarget target) {
    return target.engines().stream().map(Sheet::engine).collect(Collectors.joining(" | "));
  }

  private static String engine(Engine e) {
    Engine.PadLimit pad = e.pad();
    return String.format(
        "%s %dx%d %s k %s s %s pad %s %s",
        e.kind(),
        e.channelParallel(),
        e.pixelParallel(),
        sorted(e.types()),
        e.kernel() == null ? "-" : e.kernel(),
        e.stride() == null ? "-" : e.stride(),
        pad == null
            ? "-"
            : String.join(
                "/",
                pad.left().toString(),
                pad.right().toString(),
                pad.top().toString(),
                pad.bottom().toString()),
        sorted(e.nonlinear()));
  }

  private static String sorted(Collection<?> values) {
    return values.isEmpty()
        ? "-"
        : values.stream().map(Object::toString).sorted().collect(Collectors.joining("+"));
  }
}
