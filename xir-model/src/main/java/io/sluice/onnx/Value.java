package io.sluice.onnx;

import io.sluice.xir.Op;
import io.sluice.xir.Shape;
import io.sluice.xir.TensorData;

/** What an ONNX tensor has become during import. Shapes are those of ONNX. */
sealed interface Value {
  Shape shape();

  /** A tensor whose values are known. */
  record Known(TensorData data) implements Value {
    @Override
    public Shape shape() {
      return data.shape();
    }
  }

  /** A tensor that an op computes; the op stores it in a layout. */
  record Live(Op op, Layout layout) implements Value {
    @Override
    public Shape shape() {
      return layout.toLogical(op.output().shape());
    }

    Shape stored() {
      return op.output().shape();
    }
  }
}
