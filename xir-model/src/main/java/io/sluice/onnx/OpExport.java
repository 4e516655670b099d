package io.sluice.onnx;

import io.sluice.xir.Op;

/** How one type of XIR op becomes nodes of ONNX. */
@FunctionalInterface
interface OpExport {
  /** Adds the nodes and puts how the op's tensor is stored. */
  void write(Op op, ExportState state);
}
