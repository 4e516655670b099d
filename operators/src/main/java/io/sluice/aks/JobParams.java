package io.sluice.aks;

import io.sluice.error.ErrorCode;
import io.sluice.error.SluiceException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The dynamic parameters of one job (AKS's DynamicParamValues): they travel with it from node to
 * node, and every node may read and change them. The object is the node's own copy, so a change is
 * seen by the nodes after it and by no other job. Where branches of a graph meet, a name has the
 * value of the last node, in the order of the graph, that set it.
 */
public final class JobParams {
  /** The paths of the job's images: strings. */
  public static final String IMAGE_PATHS = "image_paths";

  private final JobInfo info;
  private final SortedMap<String, ParamValue> values;
  private final SortedMap<String, ParamValue> changed = new TreeMap<>();

  public JobParams(JobInfo info, Map<String, ParamValue> values) {
    this.info = info;
    this.values = new TreeMap<>(values);
  }

  /** A job without parameters: for tests and tools. */
  public static JobParams empty() {
    return new JobParams(JobInfo.named("job"), Map.of());
  }

  public JobInfo info() {
    return info;
  }

  public boolean has(String name) {
    return values.containsKey(name);
  }

  /** All of them, sorted by name. */
  public SortedMap<String, ParamValue> values() {
    return Collections.unmodifiableSortedMap(values);
  }

  /** Those that were set on this copy. */
  SortedMap<String, ParamValue> changed() {
    return changed;
  }

  public Optional<ParamValue> get(String name) {
    return Optional.ofNullable(values.get(name));
  }

  public void put(String name, ParamValue value) {
    values.put(name, value);
    changed.put(name, value);
  }

  public void putInts(String name, int... ints) {
    put(name, ParamValue.ofInts(Arrays.stream(ints).boxed().toList()));
  }

  public void putString(String name, String text) {
    put(name, ParamValue.of(text));
  }

  public void putStrings(String name, List<String> texts) {
    put(name, ParamValue.ofStrings(texts));
  }

  public void putInt(String name, int value) {
    put(name, ParamValue.of(value));
  }

  public void putFloat(String name, float value) {
    put(name, ParamValue.of(value));
  }

  /**
   * @throws SluiceException SLUICE_STAGE_FAILED, as the other getters, if no node before set it to
   *     a value of this type
   */
  public int getInt(String name) {
    return typed(name, ParamType.INT).asInt();
  }

  public float getFloat(String name) {
    return typed(name, ParamType.FLOAT).asFloat();
  }

  public String getString(String name) {
    return typed(name, ParamType.STRING).asString();
  }

  public int[] getInts(String name) {
    return typed(name, ParamType.INT_ARRAY).asInts().stream().mapToInt(i -> i).toArray();
  }

  public List<String> getStrings(String name) {
    return typed(name, ParamType.STRING_ARRAY).asStrings();
  }

  /** The paths of the job's images; none if it brings its input as tensors. */
  public List<String> imagePaths() {
    return has(IMAGE_PATHS) ? getStrings(IMAGE_PATHS) : List.of();
  }

  private ParamValue typed(String name, ParamType type) {
    ParamValue value = values.get(name);
    if (value == null || value.type() != type) {
      throw new SluiceException(
          ErrorCode.SLUICE_STAGE_FAILED,
          value == null
              ? "no job parameter '" + name + "' among " + values.keySet()
              : "job parameter '" + name + "' is " + value.type().id() + ", not " + type.id(),
          "job " + info.requestId(),
          "put the kernel that sets it before the one that reads it");
    }
    return value;
  }
}
