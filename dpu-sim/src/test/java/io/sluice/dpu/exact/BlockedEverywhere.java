package io.sluice.dpu.exact;

import io.sluice.xir.Shape;
import java.util.List;
import java.util.function.Function;

/** Blocked arithmetic for every image, whether its channels fill blocks or not. */
final class BlockedEverywhere extends FloatArithmetic {
  private final Function<Shape, FloatArithmetic> blocked;

  BlockedEverywhere() {
    this(BlockedArithmetic::new);
  }

  /**
   * @param blocked makes the form for images
   */
  BlockedEverywhere(Function<Shape, FloatArithmetic> blocked) {
    this.blocked = blocked;
  }

  @Override
  List<FloatArithmetic> forms(Shape output) {
    return output.rank() == 4 ? List.of(blocked.apply(output), this) : List.of(this);
  }
}
