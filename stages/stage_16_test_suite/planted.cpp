#include "planted.hpp"

#include <algorithm>
#include <cmath>

#include "batched_matmul.hpp"
#include "columns.hpp"
#include "install_naive.hpp"
#include "reduce.hpp"
#include "tensor_ops.hpp"
#include "views.hpp"

namespace nt {
namespace {

constexpr Backend kBackend = Backend::naive;
constexpr std::int64_t kRegister = 8;  // floats that are computed at once

using Arguments = std::vector<Tensor>;

/// The cases of one operation; with `f` in its place where there is one.
std::vector<OpCase> cases_of(const std::string& op, const TensorFunction& f = {}) {
  std::vector<OpCase> cases = op_cases(1);
  std::erase_if(cases, [&](const OpCase& one) { return one.op != op; });
  for (OpCase& one : cases) {
    if (f) one.f = f;
  }
  return cases;
}

using Judge = Complaints (*)(const std::vector<OpCase>&, Backend);

/// What is said of the cases of `op` while `row` has another kernel.
template <class Row>
std::function<Complaints()> with_kernel(Judge judge, const std::string& op, Row& row,
                                        const typename Row::Kernel& wrong) {
  return [=, &row] {
    const OtherKernel planted(row, kBackend, wrong);
    return judge(cases_of(op), kBackend);
  };
}

/// What is said of `op` with another function in its place, which may have another derivative.
std::function<Complaints()> with_function(const std::string& op, const TensorFunction& wrong) {
  return [=] { return wrong_slopes(cases_of(op, wrong), kBackend); };
}

Array ones(const Shape& shape) { return op::array(filled(shape, 1)); }

std::int64_t whole_registers(std::int64_t count) { return count / kRegister * kRegister; }
std::int64_t last_register(std::int64_t count) { return whole_registers(count + kRegister - 1); }

/// y = f(x) for the first `count` numbers of x's memory, whatever its strides.
template <class Function>
Storage along_memory(const Storage& x, std::int64_t count, Function f) {
  Storage y(x.shape());
  float* result = y.write();
  for (std::int64_t i = 0; i < count; ++i) result[i] = f(x.data()[i]);
  return y;
}

Storage exp_of_whole_registers(const Storage& x) {
  const Storage rows = x.contiguous();
  return along_memory(rows, whole_registers(x.shape().count()),
                      [](float v) { return std::exp(v); });
}

/// 1 + x + x^2 / 2 + ... + x^8 / 8!
Storage exp_of_nine_terms(const Storage& x) {
  return naive::elementwise(x, [](float v) {
    float sum = 0;
    float term = 1;
    for (int n = 1; n <= 9; ++n) {
      sum += term;
      term *= v / static_cast<float>(n);
    }
    return sum;
  });
}

Storage tanh_along_memory(const Storage& x) {
  return along_memory(x, x.shape().count(), [](float v) { return std::tanh(v); });
}

Storage erf_to_the_last_register(const Storage& x) {
  const Storage rows = x.contiguous();
  return along_memory(rows, last_register(x.shape().count()), [](float v) { return std::erf(v); });
}

Storage sqrt_in_place(const Storage& x) {
  walk<1>(x.shape(), {x.strides()}, [&](const auto& at) {
    auto& element = const_cast<float&>(x.data()[at[0]]);
    element = std::sqrt(element);
  });
  return x;
}

/// Where all is added up, so is what lies between the last number and the end of its register.
Storage sum_to_the_last_register(const Storage& x, const Axes& axes, bool keepdim) {
  Storage y = naive::sum(x, axes, keepdim);
  if (y.shape().count() != 1) return y;
  const Storage rows = x.contiguous();
  float total = 0;
  for (std::int64_t i = 0; i < last_register(x.shape().count()); ++i) total += rows.data()[i];
  *y.write() = total;
  return y;
}

Storage matmul_without_the_last_product(const Storage& a, const Storage& b) {
  const int last = a.shape().rank() - 1;
  const std::int64_t K = std::max<std::int64_t>(a.shape()[last] - 1, 0);
  return naive::batched_matmul(slice(a, last, 0, K), slice(b, b.shape().rank() - 2, 0, K));
}

// Operations with a wrong derivative.

Tensor sqrt_without_the_half(const Arguments& t) {
  const Array y = op::sqrt(t[0].data());
  return record("sqrt", y, {{t[0], [y](const Array& dy) { return op::divide(dy, y); }}});
}

Tensor multiply_with_its_own_factor(const Arguments& t) {
  const auto da = [a = t[0].data()](const Array& dc) { return op::multiply(dc, a); };
  const auto db = [b = t[1].data()](const Array& dc) { return op::multiply(dc, b); };
  const Array c = op::multiply(t[0].data(), t[1].data());
  return record("multiply", c, {{t[0], da}, {t[1], db}});
}

// Errors.

/// A kernel that is called past its row, and so past the row's rule.
Complaints add_without_its_rule() {
  const auto call = [] { op::add.kernel(kBackend)(ones({2, 3}), ones({2})); };
  return wrong_errors({{"add", "add: shapes do not broadcast: a is (2, 3), b is (2)", call}},
                      kBackend);
}

/// A rule that looks at the operands the wrong way round.
Complaints subtract_with_its_operands_changed() {
  const auto call = [] { op::subtract(ones({2}), ones({2, 3})); };
  return wrong_errors(
      {{"subtract", "subtract: shapes do not broadcast: a is (2, 3), b is (2)", call}}, kBackend);
}

}  // namespace

PadKernel pad_behind(Backend backend) {
  return [own = op::pad.kernel(backend)](const Array& x, int axis, std::int64_t before,
                                         std::int64_t after) {
    return own(x, axis, 0, before + after);
  };
}

std::vector<PlantedMistake> planted_mistakes() {
  const auto value = [](const std::string& op, auto& row, const auto& wrong) {
    return with_kernel(wrong_values, op, row, on_storage(wrong));
  };
  const auto guard = [](const std::string& op, auto& row, const auto& wrong) {
    return with_kernel(trespasses, op, row, on_storage(wrong));
  };
  return {
      {"ops", "exp leaves out what fills no register",
       value("exp", op::exp, exp_of_whole_registers)},
      {"ops", "exp is cut off after nine terms", value("exp", op::exp, exp_of_nine_terms)},
      {"ops", "matmul leaves out the last product",
       value("matmul", op::matmul, matmul_without_the_last_product)},
      {"gradients", "sqrt's derivative without the half",
       with_function("sqrt", sqrt_without_the_half)},
      {"gradients", "a factor's derivative is the factor itself",
       with_function("multiply", multiply_with_its_own_factor)},
      {"gradients", "pad puts all zeros behind, and slice's gradient is wrong",
       with_kernel(wrong_slopes, "slice", op::pad, pad_behind(kBackend))},
      {"guards", "tanh takes memory for contiguous", guard("tanh", op::tanh, tanh_along_memory)},
      {"guards", "erf writes whole registers", guard("erf", op::erf, erf_to_the_last_register)},
      {"guards", "sum reads whole registers", guard("sum", op::sum, sum_to_the_last_register)},
      {"guards", "sqrt computes in its operand", guard("sqrt", op::sqrt, sqrt_in_place)},
      {"errors", "add is called past its rule", add_without_its_rule},
      {"errors", "subtract names its operands the wrong way round",
       subtract_with_its_operands_changed},
  };
}

}  // namespace nt
