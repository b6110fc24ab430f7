#include "finite_difference.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/errors.hpp"
#include "gradient_rows.hpp"
#include "tape.hpp"

namespace nt {
namespace {

/// x + h v, array by array.
std::vector<HostArray> moved(std::vector<HostArray> x, const std::vector<HostArray>& v, float h) {
  for (std::size_t n = 0; n < x.size(); ++n) {
    for (std::size_t i = 0; i < x[n].values.size(); ++i) x[n].values[i] += h * v[n].values[i];
  }
  return x;
}

void require_same_shapes(const std::vector<HostArray>& x, const std::vector<HostArray>& v) {
  constexpr const char* kName = "directional_difference";
  if (x.size() != v.size()) {
    throw ShapeError(
        fmt::format("{}: numbers of arrays differ: x are {}, v are {}", kName, x.size(), v.size()));
  }
  for (std::size_t n = 0; n < x.size(); ++n) {
    if (x[n].shape == v[n].shape) continue;
    throw ShapeError(fmt::format("{}: shapes differ: x is {}, v is {}", kName, x[n].shape.text(),
                                 v[n].shape.text()));
  }
}

/// <a, b> = sum of a_i b_i, in double: the sum's own rounding must not drown a small difference.
double dot(const HostArray& a, const HostArray& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.values.size(); ++i) {
    sum += static_cast<double>(a.values[i]) * b.values[i];
  }
  return sum;
}

/// <dL/dx, v>; an input that the function does not use has no gradient.
double slope_along(const Tensor& x, const HostArray& v) {
  return x.grad() ? dot(x.grad().host(), v) : 0;
}

std::vector<Tensor> tensors(const std::vector<HostArray>& x, bool requires_grad) {
  std::vector<Tensor> result;
  result.reserve(x.size());
  for (const HostArray& values : x) result.emplace_back(op::array(values), requires_grad);
  return result;
}

/// The larger one; NaN where one is NaN, which std::max may lose.
double larger(double a, double b) { return std::isnan(a) || a > b ? a : b; }

}  // namespace

double directional_difference(const Scalar& loss, const std::vector<HostArray>& x,
                              const std::vector<HostArray>& v, float h) {
  require_same_shapes(x, v);
  // exercise 5.1: how much more the loss is at x + h v than at x - h v, for each unit of the way
  const double ahead = loss(moved(x, v, h));
  const double behind = loss(moved(x, v, -h));
  return (ahead - behind) / (2.0 * h);
  // end exercise
}

double gradient_error(const TensorFunction& f, const std::vector<HostArray>& x, Random& random,
                      int directions, float h) {
  std::vector<Tensor> inputs = tensors(x, true);
  HostArray dy;
  {
    Tape tape;
    const Tensor y = f(inputs);
    dy = normal(y.shape(), random);
    tape.backward(y, op::array(dy));
  }
  double squares = 0;  // |dL/dx|^2
  for (const Tensor& input : inputs) {
    if (input.grad()) squares += slope_along(input, input.grad().host());
  }

  const Scalar loss = [&](const std::vector<HostArray>& at) {
    return dot(f(tensors(at, false)).data().host(), dy);
  };
  double worst = 0;
  for (int i = 0; i < directions; ++i) {
    std::vector<HostArray> v;
    double slope = 0;
    for (std::size_t n = 0; n < x.size(); ++n) {
      v.push_back(normal(x[n].shape, random));
      slope += slope_along(inputs[n], v[n]);
    }
    const double error = std::abs(directional_difference(loss, x, v, h) - slope);
    worst = larger(worst, squares > 0 ? error / std::sqrt(squares) : error);
  }
  return worst;
}

}  // namespace nt
