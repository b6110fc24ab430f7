// Element by element: operands are expanded to their common shape, then Eigen does the arithmetic.

#include <algorithm>
#include <cmath>

#include "eigen/eigen_array.hpp"
#include "eigen/eigen_ops.hpp"

namespace nt::eigen {
namespace {

template <class Function>
Array binary(const Array& a, const Array& b, Function function) {
  const Shape shape = common_shape(a.shape(), b.shape());
  const Array wide_a = a.shape() == shape ? a : expand(a, shape);
  const Array wide_b = b.shape() == shape ? b : expand(b, shape);
  EigenArray result(shape);
  result.elements() = function(as_eigen(wide_a).elements(), as_eigen(wide_b).elements());
  return to_array(std::move(result));
}

template <class Function>
Array unary(const Array& x, Function function) {
  EigenArray result(x.shape());
  result.elements() = function(as_eigen(x).elements());
  return to_array(std::move(result));
}

}  // namespace

Shape common_shape(const Shape& a, const Shape& b) {
  const Shape& longer = a.rank() >= b.rank() ? a : b;
  const Shape& shorter = a.rank() >= b.rank() ? b : a;
  std::vector<std::int64_t> sizes = longer.sizes();
  for (int back = 1; back <= shorter.rank(); ++back) {
    std::int64_t& size = sizes[static_cast<std::size_t>(longer.rank() - back)];
    if (size == 1) size = shorter[shorter.rank() - back];
  }
  return Shape(sizes);
}

Array array(const HostArray& values) {
  EigenArray result(values.shape);
  std::copy(values.values.begin(), values.values.end(), result.elements().begin());
  return to_array(std::move(result));
}

Array add(const Array& a, const Array& b) {
  return binary(a, b, [](const auto& x, const auto& y) { return x + y; });
}

Array subtract(const Array& a, const Array& b) {
  return binary(a, b, [](const auto& x, const auto& y) { return x - y; });
}

Array multiply(const Array& a, const Array& b) {
  return binary(a, b, [](const auto& x, const auto& y) { return x * y; });
}

Array divide(const Array& a, const Array& b) {
  return binary(a, b, [](const auto& x, const auto& y) { return x / y; });
}

Array exp(const Array& x) {
  return unary(x, [](const auto& e) { return e.exp(); });
}

Array log(const Array& x) {
  return unary(x, [](const auto& e) { return e.log(); });
}

Array sqrt(const Array& x) {
  return unary(x, [](const auto& e) { return e.sqrt(); });
}

Array tanh(const Array& x) {
  return unary(x, [](const auto& e) { return e.unaryExpr([](float t) { return std::tanh(t); }); });
}

Array power(const Array& x, float exponent) {
  return unary(x, [exponent](const auto& e) {
    return e.unaryExpr([exponent](float t) { return std::pow(t, exponent); });
  });
}

Array greater(const Array& a, const Array& b) {
  return binary(a, b, [](const auto& x, const auto& y) { return (x > y).template cast<float>(); });
}

Array equal(const Array& a, const Array& b) {
  return binary(a, b, [](const auto& x, const auto& y) { return (x == y).template cast<float>(); });
}

Array where(const Array& condition, const Array& a, const Array& b) {
  const Shape shape = common_shape(condition.shape(), common_shape(a.shape(), b.shape()));
  const Array wide = expand(condition, shape);
  const Array left = expand(a, shape);
  const Array right = expand(b, shape);
  EigenArray result(shape);
  result.elements() = (as_eigen(wide).elements() != 0)
                          .select(as_eigen(left).elements(), as_eigen(right).elements());
  return to_array(std::move(result));
}

Array pick(const Array& x, const std::vector<std::int32_t>& labels) {
  EigenArray result(Shape{x.shape()[0]});
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto row = static_cast<Eigen::Index>(i);
    result.elements()[row] = as_eigen(x).elements()[row * x.shape()[1] + labels[i]];
  }
  return to_array(std::move(result));
}

Array erf(const Array& x) {
  return unary(x, [](const auto& e) { return e.unaryExpr([](float t) { return std::erf(t); }); });
}

}  // namespace nt::eigen
