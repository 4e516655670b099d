package io.sluice.aks;

import io.sluice.xir.DataType;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a tensor before there is one.
 *
 * @param knownType its type; null if any
 * @param dims its dimensions, {@link #ANY} where one is not known; null if not even their number is
 */
public record TensorSpec(DataType knownType, List<Integer> dims) implements Serializable {
  /** A dimension that may have any size. */
  public static final int ANY = -1;

  /** Any tensor. */
  public static final TensorSpec ANYTHING = new TensorSpec(null, null);

  public TensorSpec {
    dims = dims == null ? null : List.copyOf(dims);
  }

  /** A tensor of a type and of a shape in which {@link #ANY} leaves a size open. */
  public static TensorSpec of(DataType type, int... dims) {
    return new TensorSpec(type, Arrays.stream(dims).boxed().toList());
  }

  /** A tensor of any type and of a shape in which {@link #ANY} leaves a size open. */
  public static TensorSpec shaped(int... dims) {
    return of(null, dims);
  }

  /** The number of dimensions, if it is known. */
  public Optional<Integer> rank() {
    return Optional.ofNullable(dims).map(List::size);
  }

  /** Dimension {@code axis}, negative to count from the end, or {@link #ANY}. */
  public int dim(int axis) {
    return dims == null ? ANY : dims.get(axis < 0 ? axis + dims.size() : axis);
  }

  /** Whether a tensor can be both this and the other. */
  public boolean meets(TensorSpec other) {
    if (knownType != null && other.knownType != null && !knownType.equals(other.knownType)) {
      return false;
    }
    if (dims == null || other.dims == null) {
      return true;
    }
    if (dims.size() != other.dims.size()) {
      return false;
    }
    for (int axis = 0; axis < dims.size(); axis++) {
      int mine = dims.get(axis);
      int yours = other.dims.get(axis);
      if (mine != ANY && yours != ANY && mine != yours) {
        return false;
      }
    }
    return true;
  }

  /** Whether this allows the tensor. */
  public boolean allows(TensorData tensor) {
    if (knownType != null && !knownType.equals(tensor.type())) {
      return false;
    }
    if (dims == null) {
      return true;
    }
    Shape shape = tensor.shape();
    if (dims.size() != shape.rank()) {
      return false;
    }
    for (int axis = 0; axis < dims.size(); axis++) {
      if (dims.get(axis) != ANY && dims.get(axis) != shape.dim(axis)) {
        return false;
      }
    }
    return true;
  }

  /** For example {@code FLOAT32 [1, ?, 224, 3]}. */
  @Override
  public String toString() {
    String shape =
        dims == null
            ? "[...]"
            : dims.stream().map(d -> d == ANY ? "?" : d.toString()).toList().toString();
    return (knownType == null ? "any type" : knownType) + " " + shape;
  }
}
