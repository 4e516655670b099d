package io.sluice.aks;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The parameters of one node, checked against its kernel's {@link KernelSpec} and with the defaults
 * filled in. Immutable.
 */
public final class NodeParams implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String node;
  private final TreeMap<String, ParamValue> values;

  /**
   * @param node the node that they are of, for errors
   */
  public NodeParams(String node, Map<String, ParamValue> values) {
    this.node = node;
    this.values = new TreeMap<>(values);
  }

  /** The name of the node. */
  public String node() {
    return node;
  }

  public Set<String> names() {
    return Set.copyOf(values.keySet());
  }

  public boolean has(String name) {
    return values.containsKey(name);
  }

  public int getInt(String name) {
    return get(name, ParamType.INT).asInt();
  }

  public float getFloat(String name) {
    return get(name, ParamType.FLOAT).asFloat();
  }

  public String getString(String name) {
    return get(name, ParamType.STRING).asString();
  }

  public int[] getInts(String name) {
    return get(name, ParamType.INT_ARRAY).asInts().stream().mapToInt(Integer::intValue).toArray();
  }

  public float[] getFloats(String name) {
    List<Float> list = get(name, ParamType.FLOAT_ARRAY).asFloats();
    float[] array = new float[list.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = list.get(i);
    }
    return array;
  }

  public List<String> getStrings(String name) {
    return get(name, ParamType.STRING_ARRAY).asStrings();
  }

  /**
   * An int within bounds.
   *
   * @throws SluiceException SLUICE_GRAPH_PARAM_VALUE if it is outside of them
   */
  public int getInt(String name, int least, int most) {
    int value = getInt(name);
    if (value < least || value > most) {
      throw invalid(name, value + ", not " + least + " to " + most, "give a value in this range");
    }
    return value;
  }

  /**
   * What a kernel throws that cannot work with the value of a parameter: SLUICE_GRAPH_PARAM_VALUE.
   *
   * @param thing what is wrong with it
   * @param remedy what to write instead
   */
  public SluiceException invalid(String name, String thing, String remedy) {
    return new SluiceException(
        ErrorCode.SLUICE_GRAPH_PARAM_VALUE,
        "parameter '" + name + "' is " + thing,
        "node '" + node + "'",
        remedy);
  }

  private ParamValue get(String name, ParamType type) {
    ParamValue value = values.get(name);
    if (value == null) {
      throw new SluiceException(
          ErrorCode.SLUICE_GRAPH_PARAM_MISSING,
          "no parameter '" + name + "' among " + values.keySet(),
          "node '" + node + "'",
          "give it in node_params");
    }
    if (value.type() != type) {
      throw new SluiceException(
          ErrorCode.SLUICE_GRAPH_PARAM_TYPE,
          "parameter '" + name + "' is " + value.type().id() + ", asked for as " + type.id(),
          "node '" + node + "'",
          "declare the type that the kernel asks for");
    }
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NodeParams that && node.equals(that.node) && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return node + " " + values;
  }
}
