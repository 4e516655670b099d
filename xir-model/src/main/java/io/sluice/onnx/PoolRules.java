package io.sluice.onnx;

import io.sluice.onnx.Value.Live;
import io.sluice.xir.Attrs;
import io.sluice.xir.Shape;
import java.util.Map;

/** Pools. */
final class PoolRules {
  private PoolRules() {}

  static void register(Map<String, NodeRule> rules) {
    rules.put("MaxPool", (n, s) -> pool(n, s, "maxpool2d"));
    rules.put("AveragePool", (n, s) -> pool(n, s, "avgpool2d"));
    rules.put("GlobalMaxPool", (n, s) -> global(n, s, "maxpool2d"));
    rules.put("GlobalAveragePool", (n, s) -> global(n, s, "avgpool2d"));
  }

  private static void pool(OnnxNode node, ImportState state, String type) {
    Live x = featureMap(node, state);
    int[] kernel = node.integers("kernel_shape");
    if (kernel.length != 2) {
      throw node.invalid("of a kernel of " + kernel.length + " dimensions on " + x.shape());
    }
    if (node.outputCount() > 1 && !node.output(1).isEmpty()) {
      throw node.unsupported("MaxPool with its indices as output");
    }
    Window window = Window.of(node, x.shape(), kernel[0], kernel[1]);
    if (window.dilation()[0] != 1 || window.dilation()[1] != 1) {
      throw node.unsupported(node.type() + " with dilation");
    }
    boolean ceil = node.integer("ceil_mode", 0) != 0;
    Attrs attrs =
        Attrs.EMPTY
            .with("kernel", window.kernel())
            .with("stride", window.stride())
            .with("pad_mode", ceil ? "CEIL" : "FLOOR")
            .with("pad", window.pad());
    if (type.equals("avgpool2d")) {
      attrs =
          attrs
              .with("count_include_pad", node.integer("count_include_pad", 0) != 0)
              .with("count_include_invalid", false);
    }
    state.emit(node, type, attrs, state.arranged(x, Layout.channelsLast()), Layout.channelsLast());
  }

  private static void global(OnnxNode node, ImportState state, String type) {
    Live x = featureMap(node, state);
    Shape shape = x.shape();
    Attrs attrs =
        Attrs.EMPTY
            .with("kernel", new int[] {shape.dim(3), shape.dim(2)})
            .with("stride", new int[] {1, 1})
            .with("pad_mode", "FLOOR")
            .with("global", true);
    state.emit(node, type, attrs, state.arranged(x, Layout.channelsLast()), Layout.channelsLast());
  }

  private static Live featureMap(OnnxNode node, ImportState state) {
    Live x = state.live(node, 0);
    if (x.shape().rank() != 4) {
      throw node.unsupported(node.type() + " on " + x.shape());
    }
    return x;
  }
}
