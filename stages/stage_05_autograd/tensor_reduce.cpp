// The derivatives of products of matrices and of operations that combine elements.

#include "tensor_ops.hpp"

namespace nt {
namespace {

/// The shape of x with size 1 along `axes`, which the row has seen to be axes of x.
Shape kept_shape(const Array& x, Axes axes) {
  Array array = x;
  bool keepdim = true;
  return shape_rule::reduce("sum", array, axes, keepdim);
}

/// dy of a reduction, beside each element of x that went into it.   dy: kept or without axes -> x
Array spread(const Array& dy, const Shape& kept, const Shape& x) {
  return op::expand(op::reshape(dy, kept), x);
}

Array transposed(const Array& x) { return op::transpose(x, -2, -1); }

}  // namespace

Tensor matmul(const Tensor& a, const Tensor& b) {
  // exercise 5.6: c = a b, so da = dc b^T and db = a^T dc
  const auto da = [b = b.data()](const Array& dc) { return op::matmul(dc, transposed(b)); };
  const auto db = [a = a.data()](const Array& dc) { return op::matmul(transposed(a), dc); };
  return record("matmul", op::matmul(a.data(), b.data()), {{a, da}, {b, db}});
  // end exercise
}

Tensor sum(const Tensor& x, const Axes& axes, bool keepdim) {
  const Array y = op::sum(x.data(), axes, keepdim);
  const auto dx = [x = x.shape(), kept = kept_shape(x.data(), axes)](const Array& dy) {
    return spread(dy, kept, x);  // dy, for every element
  };
  return record("sum", y, {{x, dx}});
}

Tensor mean(const Tensor& x, const Axes& axes, bool keepdim) {
  const Array y = op::mean(x.data(), axes, keepdim);
  // How many elements make one of y; NaN where y is empty, and then there is nothing to divide.
  const auto n = static_cast<float>(x.shape().count()) / static_cast<float>(y.shape().count());
  const auto dx = [x = x.shape(), kept = kept_shape(x.data(), axes), n](const Array& dy) {
    return spread(op::divide(dy, op::number(n)), kept, x);  // dy / n, for every element
  };
  return record("mean", y, {{x, dx}});
}

Tensor max(const Tensor& x, const Axes& axes, bool keepdim) {
  const Array y = op::max(x.data(), axes, keepdim);
  const auto dx = [x = x.data(), y, axes](const Array& dy) {
    const Shape kept = kept_shape(x, axes);
    const Array largest = op::equal(x, op::reshape(y, kept));  // 1 or 0
    const Array count = op::sum(largest, axes, true);          // 0 where the largest is NaN
    const Array share = op::divide(op::reshape(dy, kept), count);
    return op::multiply(largest, share);  // dy, shared by the largest
  };
  return record("max", y, {{x, dx}});
}

Tensor pick(const Tensor& x, const Labels& labels) {
  const auto dx = [shape = x.shape(), labels](const Array& dy) {
    HostArray one_hot = filled(shape);
    for (std::size_t i = 0; i < labels.size(); ++i) {
      const std::int64_t at = ravel({static_cast<std::int64_t>(i), labels[i]}, shape);
      one_hot.values[static_cast<std::size_t>(at)] = 1;
    }
    const Array column = op::reshape(dy, {shape[0], 1});
    return op::where(op::array(one_hot), column, op::number(0));  // dy at the label, else 0
  };
  return record("pick", op::pick(x.data(), labels), {{x, dx}});
}

}  // namespace nt
