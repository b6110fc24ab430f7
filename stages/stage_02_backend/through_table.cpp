#include "through_table.hpp"

#include "rows.hpp"

namespace nt::by_hand {

const Operations& table_operations() {
  static constexpr Operations kOperations{
      .array = [](const HostArray& values) { return op::array(values); },
      .add = [](const Array& a, const Array& b) { return op::add(a, b); },
      .subtract = [](const Array& a, const Array& b) { return op::subtract(a, b); },
      .multiply = [](const Array& a, const Array& b) { return op::multiply(a, b); },
      .divide = [](const Array& a, const Array& b) { return op::divide(a, b); },
      .exp = [](const Array& x) { return op::exp(x); },
      .log = [](const Array& x) { return op::log(x); },
      .sqrt = [](const Array& x) { return op::sqrt(x); },
      .erf = [](const Array& x) { return op::erf(x); },
      .matmul = [](const Array& a, const Array& b) { return op::matmul(a, b); },
      .sum = [](const Array& x, const Axes& axes, bool keep) { return op::sum(x, axes, keep); },
      .mean = [](const Array& x, const Axes& axes, bool keep) { return op::mean(x, axes, keep); },
      .max = [](const Array& x, const Axes& axes, bool keep) { return op::max(x, axes, keep); },
      .reshape = [](const Array& x, const Shape& shape) { return op::reshape(x, shape); },
      .permute = [](const Array& x, const Axes& order) { return op::permute(x, order); },
      .transpose = [](const Array& x, int i, int j) { return op::transpose(x, i, j); },
      .slice = [](const Array& x, int axis, std::int64_t start,
                  std::int64_t stop) { return op::slice(x, axis, start, stop); },
      .pad = [](const Array& x, int axis, std::int64_t before,
                std::int64_t after) { return op::pad(x, axis, before, after); },
  };
  return kOperations;
}

}  // namespace nt::by_hand
