package io.sluice.target;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Where the fields of a feature code lie, for the families whose codes are known. */
enum FeatureLayout {
  ZYNQ_ISA0(DpuType.DPUCZDX8G, Set.of(0)) {
    @Override
    void define() {
      field(Feature.ARCH, 0, 4);
      field(Feature.POOL_PARALLEL, 8, 4);
      field(Feature.DWCONV_PARALLEL, 12, 4);
      field(Feature.ELTWISE_PARALLEL, 16, 4);
      loads();
      field(Feature.CONV_LEAKY_RELU, 28, 1);
      field(Feature.CONV_RELU6, 29, 1);
      field(Feature.POOL_AVERAGE, 30, 1);
      field(Feature.DWCONV_RELU6, 31, 1);
      field(Feature.ELTWISE_MULTIPLY, 36, 1);
      field(Feature.POOL_DOWNSAMPLE, 37, 1);
    }
  },
  ZYNQ_ISA1(DpuType.DPUCZDX8G, Set.of(1)) {
    @Override
    void define() {
      field(Feature.ARCH, 0, 4);
      field(Feature.ALU_PARALLEL, 8, 4);
      loads();
      leakyAndWidths();
    }
  },
  VERSAL_ISA2(DpuType.DPUCVDX8G, Set.of(2)) {
    @Override
    void define() {
      field(Feature.ARCH, 0, 4);
      field(Feature.BATCH, 4, 4);
      field(Feature.ALU_MODE, 8, 4);
      field(Feature.ALU_PARALLEL, 12, 4);
      field(Feature.ELTWISE_PARALLEL, 16, 4);
      loads();
      field(Feature.CONV_LEAKY_RELU, 28, 1);
      field(Feature.CONV_RELU6, 29, 1);
      field(Feature.RAM_DEPTH, 32, 4);
      field(Feature.ELTWISE_MULTIPLY, 36, 1);
    }
  },
  VERSAL_ISA3(DpuType.DPUCVDX8G, Set.of(3)) {
    @Override
    void define() {
      field(Feature.ARCH, 0, 4);
      field(Feature.BATCH, 4, 4);
      field(Feature.ALU_PARALLEL, 8, 4);
      field(Feature.RAM_DEPTH, 12, 4);
      loads();
      leakyAndWidths();
    }
  },
  VERSAL_EDGE(DpuType.DPUCV2DX8G, Set.of(0, 1)) {
    @Override
    void define() {
      field(Feature.ARCH, 0, 4);
      field(Feature.ALU_CORES, 4, 4);
      field(Feature.BATCH, 8, 8);
      field(Feature.CHANNEL_AUGMENTATION, 26, 1);
      field(Feature.LOAD_MEAN, 27, 1);
      field(Feature.SAVE_ARGMAX, 30, 1);
    }
  };

  private record Bits(int low, int width) {
    long mask() {
      return (1L << width) - 1 << low;
    }
  }

  private final DpuType type;
  private final Set<Integer> isas;
  private final Map<Feature, Bits> fields = new EnumMap<>(Feature.class);

  FeatureLayout(DpuType type, Set<Integer> isas) {
    this.type = type;
    this.isas = isas;
    define();
  }

  abstract void define();

  void field(Feature feature, int low, int width) {
    fields.put(feature, new Bits(low, width));
  }

  void loads() {
    field(Feature.BANK_GROUPS, 24, 2);
    field(Feature.CHANNEL_AUGMENTATION, 26, 1);
    field(Feature.LOAD_MEAN, 27, 1);
  }

  void leakyAndWidths() {
    field(Feature.CONV_LEAKY_RELU, 28, 1);
    field(Feature.DWCONV_LEAKY_RELU, 29, 1);
    field(Feature.SAVE_ARGMAX, 30, 1);
    field(Feature.CONV_WIDTH_LOG2, 32, 2);
    field(Feature.ALU_WIDTH_LOG2, 34, 2);
  }

  /** The layout of a family and ISA version; empty if it is not known. */
  static Optional<FeatureLayout> of(int typeNumber, int isa) {
    return Arrays.stream(values())
        .filter(layout -> layout.type.number() == typeNumber && layout.isas.contains(isa))
        .findFirst();
  }

  DpuType type() {
    return type;
  }

  Set<Feature> features() {
    return fields.keySet();
  }

  /** The greatest value that a field holds. */
  int max(Feature feature) {
    return (1 << fields.get(feature).width) - 1;
  }

  int get(Feature feature, long code) {
    Bits bits = fields.get(feature);
    return (int) ((code & bits.mask()) >>> bits.low);
  }

  long set(Feature feature, long code, int value) {
    Bits bits = fields.get(feature);
    return (code & ~bits.mask()) | ((long) value << bits.low);
  }
}
