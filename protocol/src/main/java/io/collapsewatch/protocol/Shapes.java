package io.collapsewatch.protocol;

/** Checks of the tensors of a capture; each failure is one sentence with the numbers. */
final class Shapes {

  private Shapes() {}

  static void requireMatrix(String name, Tensor tensor) {
    if (!tensor.dtype().floating()) {
      throw new MalformedCaptureException(
          "%s is of type %s; expected F64, F32, F16 or BF16".formatted(name, tensor.dtype()));
    }
    if (tensor.axes() != 2 || tensor.length(0) < 1 || tensor.length(1) < 1) {
      throw new MalformedCaptureException(
          "%s is %s; expected a matrix with at least one row and one column"
              .formatted(name, tensor));
    }
  }

  /** A run of one class has no margins and no pairs of classes. */
  static void requireClasses(String name, int classes) {
    if (classes < 2 || classes > Limits.CLASSES) {
      throw new MalformedCaptureException(
          "%s has %d classes; expected 2..%d".formatted(name, classes, Limits.CLASSES));
    }
  }

  static void requireRows(String name, Tensor tensor, int rows, String of) {
    if (tensor.rows() != rows) {
      throw new MalformedCaptureException(
          "%s has %d rows and %s have %d; expected as many"
              .formatted(name, tensor.rows(), of, rows));
    }
  }

  static void requireVector(String name, Tensor tensor, int length) {
    if (!tensor.dtype().floating()) {
      throw new MalformedCaptureException(
          "%s is of type %s; expected F64, F32, F16 or BF16".formatted(name, tensor.dtype()));
    }
    requireLength(name, tensor, length);
  }

  static void requireClassNumbers(String name, Tensor tensor, int length) {
    if (tensor.dtype().floating()) {
      throw new MalformedCaptureException(
          "%s is of type %s; expected an integer type".formatted(name, tensor.dtype()));
    }
    requireLength(name, tensor, length);
    for (int i = 0; i < length; i++) {
      long value = tensor.longAt(i);
      if (value < 0 || value >= Limits.CLASSES) {
        boolean unsigned = tensor.dtype() == DType.U64;
        throw new MalformedCaptureException(
            "%s[%d] is %s; expected a class in 0..%d"
                .formatted(
                    name,
                    i,
                    unsigned ? Long.toUnsignedString(value) : Long.toString(value),
                    Limits.CLASSES - 1));
      }
    }
  }

  static void requireFinite(String name, Tensor tensor) {
    for (int i = 0; i < tensor.size(); i++) {
      double value = tensor.doubleAt(i);
      if (!Double.isFinite(value)) {
        throw new MalformedCaptureException(
            "%s has the value %s in row %d; expected finite numbers only"
                .formatted(name, value, i / tensor.columns()));
      }
    }
  }

  static void requireBounded(String name, Tensor tensor) {
    for (int i = 0; i < tensor.size(); i++) {
      double value = tensor.doubleAt(i);
      if (!(Math.abs(value) <= Limits.MARGIN)) {
        throw new MalformedCaptureException(
            "%s[%d] is %s; expected a number within ±%s".formatted(name, i, value, Limits.MARGIN));
      }
    }
  }

  private static void requireLength(String name, Tensor tensor, int length) {
    if (tensor.axes() != 1 || tensor.length(0) != length) {
      throw new MalformedCaptureException(
          "%s is %s; expected a vector of %d".formatted(name, tensor, length));
    }
  }
}
