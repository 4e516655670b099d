package io.sluice.aks.kernel;

import io.sluice.aks.KernelProvider;
import io.sluice.aks.NodeParams;
import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The parameters of a node, read within bounds. What is out of bounds is refused with
 * SLUICE_GRAPH_PARAM_VALUE, naming node, kernel and parameter.
 */
public final class KernelParams {
  /** Widest and tallest input of a network, in pixels. */
  public static final int MAX_SIDE = 8192;

  private final String kernel;
  private final NodeParams params;

  public KernelParams(KernelProvider provider, NodeParams params) {
    this.kernel = provider.spec().name();
    this.params = params;
  }

  public boolean has(String name) {
    return params.has(name);
  }

  /** The side of a network's input, 1 to {@link #MAX_SIDE} pixels. */
  public int side(String name) {
    return integer(name, 1, MAX_SIDE);
  }

  /** An int, both bounds allowed. */
  public int integer(String name, int least, int most) {
    int value = params.getInt(name);
    if (value < least || value > most) {
      throw bad(name, value, "give " + least + " to " + most);
    }
    return value;
  }

  /** An int that stands for false (0) or true (1). */
  public boolean flag(String name) {
    return integer(name, 0, 1) == 1;
  }

  /** A float, both bounds allowed. */
  public float number(String name, float least, float most) {
    float value = params.getFloat(name);
    if (!(value >= least && value <= most)) {
      throw bad(name, value, "give " + least + " to " + most);
    }
    return value;
  }

  /** A string out of a few. */
  public String choice(String name, String... allowed) {
    String value = params.getString(name);
    if (!List.of(allowed).contains(value)) {
      throw bad(name, "'" + value + "'", "write one of " + Arrays.toString(allowed));
    }
    return value;
  }

  public String string(String name) {
    return params.getString(name);
  }

  /** Finite floats, as many as said. */
  public float[] numbers(String name, int count) {
    float[] values = params.getFloats(name);
    if (values.length != count) {
      throw bad(name, values.length + " values", "give " + count);
    }
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw bad(name, value, "give finite numbers");
      }
    }
    return values;
  }

  /** Floats above zero, at least one. */
  public float[] sizes(String name) {
    float[] values = params.getFloats(name);
    if (values.length == 0) {
      throw bad(name, "empty", "give at least one value");
    }
    for (float value : values) {
      if (!(value > 0) || !Float.isFinite(value)) {
        throw bad(name, value, "give numbers above 0");
      }
    }
    return values;
  }

  /** Ints, both bounds allowed, at least one. */
  public int[] integers(String name, int least, int most) {
    int[] values = params.getInts(name);
    if (values.length == 0) {
      throw bad(name, "empty", "give at least one value");
    }
    for (int value : values) {
      if (value < least || value > most) {
        throw bad(name, value, "give " + least + " to " + most);
      }
    }
    return values;
  }

  /** What to throw for a value that fails a rule of the kernel's own. */
  public SluiceException bad(String name, Object value, String remedy) {
    return new SluiceException(
        ErrorCode.SLUICE_GRAPH_PARAM_VALUE,
        String.format(Locale.ROOT, "parameter '%s' of kernel %s is %s", name, kernel, value),
        "node '" + params.node() + "'",
        remedy);
  }
}
