#include "gradient_rows.hpp"

#include <fmt/format.h>

#include <cmath>

#include "broadcast.hpp"
#include "core/errors.hpp"
#include "eigen/eigen_ops.hpp"
#include "install_broadcast.hpp"
#include "install_naive.hpp"

namespace nt {

Shape shape_rule::power(std::string_view /*op*/, Array& x, float& /*p*/) { return x.shape(); }

Shape shape_rule::where(std::string_view op, Array& condition, Array& a, Array& b) {
  const std::string text =
      fmt::format("shapes do not broadcast: condition is {}, a is {}, b is {}",
                  condition.shape().text(), a.shape().text(), b.shape().text());
  return broadcast_shapes(op, condition.shape(), broadcast_shapes(op, a.shape(), b.shape(), text),
                          text);
}

Shape shape_rule::pick(std::string_view op, Array& x, Labels& labels) {
  const Shape& shape = x.shape();
  const auto count = static_cast<std::int64_t>(labels.size());
  if (shape.rank() != 2 || shape[0] != count) {
    throw ShapeError(
        fmt::format("{}: a label for each row: x is {}, labels are {}", op, shape.text(), count));
  }
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] >= 0 && labels[i] < shape[1]) continue;
    throw Error(fmt::format("{}: label {} is {}, and x is {}", op, i, labels[i], shape.text()));
  }
  return Shape{count};
}

namespace naive {
namespace {

/// Zeros, with x in the middle: x: (..., n, ...) -> (..., before + n + after, ...)
Storage pad(const Storage& x, int axis, std::int64_t before, std::int64_t after) {
  std::vector<std::int64_t> sizes = x.shape().sizes();
  sizes[static_cast<std::size_t>(axis)] += before + after;
  Storage y{Shape(sizes)};
  const Index strides = y.strides();
  float* middle = y.write() + before * strides[static_cast<std::size_t>(axis)];
  walk<2>(x.shape(), {x.strides(), strides},
          [&](const auto& at) { middle[at[1]] = x.data()[at[0]]; });
  return y;
}

Storage tanh(const Storage& x) {
  return elementwise(x, [](float element) { return std::tanh(element); });
}

Storage power(const Storage& x, float p) {
  return elementwise(x, [p](float element) { return std::pow(element, p); });
}

Storage where(const Storage& condition, const Storage& a, const Storage& b) {
  const Shape shape = shape_rule::broadcast_shapes(
      "where", condition.shape(), shape_rule::broadcast_shapes("where", a.shape(), b.shape(), ""),
      "");
  const Storage wide = expand(condition, shape);
  const Storage left = expand(a, shape);
  const Storage right = expand(b, shape);
  Storage y(shape);
  float* next = y.write();
  walk<3>(shape, {wide.strides(), left.strides(), right.strides()}, [&](const auto& at) {
    *next++ = wide.data()[at[0]] != 0 ? left.data()[at[1]] : right.data()[at[2]];
  });
  return y;
}

Storage pick(const Storage& x, const Labels& labels) {
  Storage y(Shape{x.shape()[0]});
  float* next = y.write();
  for (std::size_t i = 0; i < labels.size(); ++i) {
    *next++ = x.at({static_cast<std::int64_t>(i), labels[i]});
  }
  return y;
}

/// A kernel of two operands that broadcast.
template <class Function>
auto broadcasting(Function f) {
  return on_storage([f](const Storage& a, const Storage& b) { return broadcast(a, b, f); });
}

}  // namespace
}  // namespace naive

void install_gradient_rows() {
  install_broadcast();
  op::pad.install(Backend::naive, on_storage(naive::pad));
  op::tanh.install(Backend::naive, on_storage(naive::tanh));
  op::power.install(Backend::naive, on_storage(naive::power));
  op::greater.install(Backend::naive,
                      naive::broadcasting([](float a, float b) { return a > b ? 1.0F : 0.0F; }));
  op::equal.install(Backend::naive,
                    naive::broadcasting([](float a, float b) { return a == b ? 1.0F : 0.0F; }));
  op::where.install(Backend::naive, on_storage(naive::where));
  op::pick.install(Backend::naive, on_storage(naive::pick));

  op::tanh.install(Backend::eigen, eigen::tanh);
  op::power.install(Backend::eigen, eigen::power);
  op::greater.install(Backend::eigen, eigen::greater);
  op::equal.install(Backend::eigen, eigen::equal);
  op::where.install(Backend::eigen, eigen::where);
  op::pick.install(Backend::eigen, eigen::pick);
}

}  // namespace nt
