#include "numpy_cases.hpp"

#include <fmt/format.h>

#include <functional>

#include "rows.hpp"

namespace nt {
namespace {

constexpr int kRank = 6;  // of the table's shapes; shorter ones end in -1

/// Element i is (2 ((7 i + 5 seed) mod 17) - 17) / 8, as in fixtures_numpy.py.
Array operand(const Shape& shape, std::int64_t seed) {
  HostArray host{shape, {}};
  for (std::int64_t i = 0; i < shape.count(); ++i) {
    host.values.push_back(static_cast<float>(2 * ((7 * i + 5 * seed) % 17) - 17) / 8);
  }
  return op::array(host);
}

/// One row of a table of cases, read from left to right.
class Row {
 public:
  Row(const HostIntegers& table, std::int64_t row)
      : next_(table.values.data() + row * table.shape[1]) {}

  std::int32_t number() { return *next_++; }

  std::vector<std::int64_t> numbers() {
    std::vector<std::int64_t> result;
    for (int i = 0; i < kRank; ++i) {
      const std::int32_t next = number();
      if (next >= 0) result.push_back(next);
    }
    return result;
  }

  Shape shape() { return Shape(numbers()); }

 private:
  const std::int32_t* next_;
};

/// What a case computes, and its operands' shapes for the report.
struct Outcome {
  Array result;
  std::string operands;
};

Outcome broadcast_case(Row& row, std::int64_t seed) {
  const std::int32_t which = row.number();
  const Array a = operand(row.shape(), seed);
  const Array b = operand(row.shape(), seed + 1);
  const op::Binary* const rows[] = {&op::add, &op::subtract, &op::multiply, &op::divide};
  const op::Binary& binary = *rows[which];
  return {binary(a, b),
          fmt::format("{}: a is {}, b is {}", binary.name(), a.shape().text(), b.shape().text())};
}

Outcome reduce_case(Row& row, std::int64_t seed) {
  const std::int32_t which = row.number();
  const bool keepdim = row.number() != 0;
  const std::int32_t bits = row.number();
  Axes axes;
  for (int axis = 0; axis < kRank; ++axis) {
    if ((bits >> axis & 1) != 0) axes.push_back(axis);
  }
  const Array x = operand(row.shape(), seed);
  const std::string text = fmt::format("x is {}, {} axes reduced", x.shape().text(), axes.size());
  if (which == 3) return {op::argmax(x, axes.front(), keepdim), "argmax: " + text};
  const op::Reduction* const rows[] = {&op::sum, &op::mean, &op::max};
  const op::Reduction& reduction = *rows[which];
  return {reduction(x, axes, keepdim), fmt::format("{}: {}", reduction.name(), text)};
}

Outcome matmul_case(Row& row, std::int64_t seed) {
  const Array a = operand(row.shape(), seed);
  const Array b = operand(row.shape(), seed + 1);
  return {op::matmul(a, b),
          fmt::format("matmul: a is {}, b is {}", a.shape().text(), b.shape().text())};
}

Outcome view_case(Row& row, std::int64_t seed) {
  const Array x = operand(row.shape(), seed);
  Axes order;
  for (const std::int64_t axis : row.numbers()) order.push_back(static_cast<int>(axis));
  const int axis = row.number();
  const std::int64_t start = row.number();
  const std::int64_t stop = row.number();
  return {op::slice(op::permute(x, order), axis, start, stop),
          fmt::format("permute and slice: x is {}", x.shape().text())};
}

using Case = std::function<Outcome(Row&, std::int64_t seed)>;

NumpyResult compare(const Frozen& numpy, const std::string& name, const Case& run) {
  const HostIntegers& table = numpy.integers(name + "/cases");
  const float* expected = numpy.floats(name + "/values").values.data();
  NumpyResult result{name, static_cast<int>(table.shape[0]), 0, ""};
  for (std::int64_t i = 0; i < table.shape[0]; ++i) {
    Row row(table, i);
    const Outcome outcome = run(row, i);
    const Shape shape = row.shape();  // of the result: the last columns
    const std::vector<float> values = outcome.result.host().values;
    const bool equal =
        outcome.result.shape() == shape && std::equal(values.begin(), values.end(), expected);
    if (!equal && ++result.wrong == 1) result.first = outcome.operands;
    expected += shape.count();
  }
  return result;
}

}  // namespace

std::vector<NumpyResult> compare_with_numpy(const Frozen& numpy) {
  return {compare(numpy, "broadcast", broadcast_case), compare(numpy, "reduce", reduce_case),
          compare(numpy, "matmul", matmul_case), compare(numpy, "view", view_case)};
}

}  // namespace nt
