package io.sluice.xir;

import java.util.List;

/**
 * Definitions of custom ops: op types that XIR does not have but a network needs. A user writes a
 * class of this interface with a public constructor without arguments, names it in {@code
 * META-INF/services/io.sluice.xir.CustomOpDefinitions} and puts the jar on the class path; every op
 * library then knows the types. It is what a compiler needs of an op; what the op computes is said
 * by an {@link io.sluice.xir.custom.OpImplementation}.
 *
 * <p>A definition names the arguments in the order in which a model's node feeds them, the
 * attributes with their types, and how the output's type and shape follow; its inference may throw
 * a {@link io.sluice.error.SluiceException} for what does not fit.
 *
 * <p>A type that nothing defines is still accepted, with a warning, as a custom op that says its
 * own output by the attributes {@code shape} and {@code data_type}.
 */
public interface CustomOpDefinitions {
  /** The definitions; none has a type of XIR. */
  List<OpDef> definitions();
}
