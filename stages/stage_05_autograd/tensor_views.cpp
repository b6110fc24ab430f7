// The derivatives of views: each part of a gradient goes back the way its element came.

#include "tensor_ops.hpp"

namespace nt {
namespace {

/// An axis that may count from the end, counted from the front.
int from_front(int axis, const Tensor& x) { return axis < 0 ? axis + x.shape().rank() : axis; }

}  // namespace

Tensor reshape(const Tensor& x, const Shape& shape) {
  const auto dx = [x = x.shape()](const Array& dy) { return op::reshape(dy, x); };
  return record("reshape", op::reshape(x.data(), shape), {{x, dx}});
}

Tensor permute(const Tensor& x, const Axes& order) {
  const Array y = op::permute(x.data(), order);
  Axes back(order.size());  // axis i of y is axis order[i] of x, so axis order[i] of dx is i of dy
  for (std::size_t i = 0; i < order.size(); ++i) {
    back[static_cast<std::size_t>(from_front(order[i], x))] = static_cast<int>(i);
  }
  const auto dx = [back](const Array& dy) { return op::permute(dy, back); };
  return record("permute", y, {{x, dx}});
}

Tensor transpose(const Tensor& x, int axis0, int axis1) {
  const auto dx = [=](const Array& dy) { return op::transpose(dy, axis0, axis1); };
  return record("transpose", op::transpose(x.data(), axis0, axis1), {{x, dx}});
}

Tensor slice(const Tensor& x, int axis, std::int64_t start, std::int64_t stop) {
  const Array y = op::slice(x.data(), axis, start, stop);
  const std::int64_t behind = x.shape()[from_front(axis, x)] - stop;
  const auto dx = [=](const Array& dy) { return op::pad(dy, axis, start, behind); };  // 0 elsewhere
  return record("slice", y, {{x, dx}});
}

Tensor expand(const Tensor& x, const Shape& shape) {
  const auto dx = [](const Array& dy) { return dy; };  // the engine sums what was repeated
  return record("expand", op::expand(x.data(), shape), {{x, dx}});
}

Tensor pad(const Tensor& x, int axis, std::int64_t before, std::int64_t after) {
  const Array y = op::pad(x.data(), axis, before, after);
  const std::int64_t stop = before + x.shape()[from_front(axis, x)];
  const auto dx = [=](const Array& dy) { return op::slice(dy, axis, before, stop); };
  return record("pad", y, {{x, dx}});
}

}  // namespace nt
