package io.sluice.xir;

import java.util.List;

/** A custom op that is defined as a user defines one: by a class named in META-INF/services. */
public final class ExampleOps implements CustomOpDefinitions {
  /** The last dimension of {@code input}, as many {@code times} as said. */
  static final String WIDEN = "Widen";

  @Override
  public List<OpDef> definitions() {
    return List.of(
        new OpDef(
            WIDEN,
            List.of(new OpDef.ArgDef("input", OpDef.Occurrence.REQUIRED, DataType.Kind.FLOAT, "")),
            List.of(new OpDef.AttrDef("times", AttrType.INT32, true, null, 1, "")),
            ExampleOps::widened,
            "Repeats the last dimension."));
  }

  private static OpDef.Inferred widened(Op op) {
    Tensor x = op.input().output();
    int last = x.shape().rank() - 1;
    int times = op.attrs().getInt("times");
    return new OpDef.Inferred(x.type(), x.shape().withDim(last, times * x.shape().dim(last)));
  }
}
