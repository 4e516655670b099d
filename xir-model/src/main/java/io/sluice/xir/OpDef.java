package io.sluice.xir;

import java.util.List;

/**
 * The definition of an op type: its arguments, its attributes, and how the type and shape of its
 * output follow.
 *
 * @param type the name, e.g. {@code conv2d-fix}
 * @param args declared arguments, in order
 * @param attrs declared attributes
 * @param inference type and shape of the output from a checked op; null for a custom op, whose
 *     output only its attributes {@code shape} and {@code data_type} or the graph's file know
 * @param annotation one line for people
 */
public record OpDef(
    String type, List<ArgDef> args, List<AttrDef> attrs, Inference inference, String annotation) {

  /** How often an argument may occur. The ordinal is the number that an XMODEL stores. */
  public enum Occurrence {
    REQUIRED,
    OPTIONAL,
    REPEATED,
    REQUIRED_AND_REPEATED
  }

  /**
   * An argument.
   *
   * @param kind the class of numbers that XIR declares for it; a description, not a check (XIR does
   *     not check it either)
   */
  public record ArgDef(String name, Occurrence occurrence, DataType.Kind kind, String annotation) {}

  /**
   * An attribute.
   *
   * @param required whether it must be given
   * @param defaultValue what holds when an optional one is absent; null for a required one
   * @param listLength the length that a list must have; 0 for any; 1 for a single value
   */
  public record AttrDef(
      String name,
      AttrType type,
      boolean required,
      AttrValue defaultValue,
      int listLength,
      String annotation) {}

  /**
   * What is inferred for the output.
   *
   * @param attrs attributes that the op gives its tensor; mostly none
   */
  public record Inferred(DataType type, Shape shape, Attrs attrs) {
    public Inferred(DataType type, Shape shape) {
      this(type, shape, Attrs.EMPTY);
    }
  }

  /**
   * From an op whose arguments and attributes have been checked against the definition to its
   * output.
   */
  @FunctionalInterface
  public interface Inference {
    Inferred infer(Op op);
  }

  public OpDef {
    args = List.copyOf(args);
    attrs = List.copyOf(attrs);
  }
}
