#include "judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "check/compare.hpp"
#include "columns.hpp"
#include "core/errors.hpp"
#include "guarded_heap.hpp"
#include "surroundings.hpp"
#include "tensor_ops.hpp"

namespace nt {
namespace {

// The worst of all cases with 300 seeds, and a factor that other seeds and machines may need.
constexpr double kValueLimit = 5e-6;     // measured: 1.4e-6, the sum of 33 numbers that cancel
constexpr double kGradientLimit = 5e-6;  // measured: 9.6e-7
constexpr double kSlopeLimit = 1e-3;     // measured: 2.0e-4; see finite_difference.hpp

constexpr std::uint64_t kSeed = 5;  // of dy

/// What `measure` says about one case, or the error that stopped it. An exercise that is not
/// written is no complaint about the case.
template <class Measure>
std::string verdict(const OpCase& one, const Measure& measure) try {
  return measure(one);
} catch (const NotImplemented&) {
  throw;
} catch (const std::exception& error) {
  return error.what();
}

/// Asks `measure` about every case: an empty text is praise.
template <class Measure>
Complaints judge(const std::vector<OpCase>& cases, Backend backend, const Measure& measure) {
  set_backend(backend);
  Complaints complaints;
  for (const OpCase& one : cases) {
    const std::string what = verdict(one, measure);
    if (!what.empty()) complaints.push_back(fmt::format("{}: {}", text(one), what));
    set_backend(backend);
  }
  return complaints;
}

/// Nothing where `error` is at most `limit`; NaN never is.
std::string beyond(const std::string& what, double error, double limit) {
  return error <= limit ? "" : fmt::format("{} differs by {:.2g}, relative", what, error);
}

HostArray value_on(Backend backend, const TensorFunction& f, const std::vector<HostArray>& x) {
  set_backend(backend);
  std::vector<Tensor> arguments;
  arguments.reserve(x.size());
  for (const HostArray& values : x) arguments.emplace_back(op::array(values));
  return f(arguments).data().host();
}

std::vector<HostArray> gradients_on(Backend backend, const OpCase& one) {
  set_backend(backend);
  return gradients_of(one, kSeed);
}

}  // namespace

double relative_difference(const HostArray& a, const HostArray& b) {
  // exercise 16.3: the largest difference, divided by the largest |b| where that is above 1
  double scale = 1;
  for (const float value : b.values) scale = std::max<double>(scale, std::abs(value));
  return largest_difference(a, b) / scale;
  // end exercise
}

double slope_error(const TensorFunction& f, std::vector<HostArray> x, Random& random, float h) {
  x.push_back(filled(value_on(current_backend(), f, x).shape));
  const TensorFunction beside_zero = [&](const std::vector<Tensor>& all) {
    return f({all.begin(), all.end() - 1}) + all.back();
  };
  constexpr int kDirections = 3;
  return gradient_error(beside_zero, x, random, kDirections, h);
}

Complaints wrong_values(const std::vector<OpCase>& cases, Backend backend) {
  return judge(cases, backend, [&](const OpCase& one) {
    const HostArray expected = value_on(kTrusted, one.f, one.x);
    return beyond("value", relative_difference(value_on(backend, one.f, one.x), expected),
                  kValueLimit);
  });
}

Complaints wrong_slopes(const std::vector<OpCase>& cases, Backend backend) {
  Random random(kSeed);
  return judge(cases, backend, [&](const OpCase& one) -> std::string {
    if (!one.has_slope) return "";
    return beyond("slope", slope_error(one.f, one.x, random), kSlopeLimit);
  });
}

Complaints wrong_gradients(const std::vector<OpCase>& cases, Backend backend) {
  return judge(cases, backend, [&](const OpCase& one) -> std::string {
    if (!one.has_slope) return "";
    const std::vector<HostArray> expected = gradients_on(kTrusted, one);
    const std::vector<HostArray> actual = gradients_on(backend, one);
    for (std::size_t i = 0; i < actual.size(); ++i) {
      std::string what = beyond(fmt::format("gradient of argument {}", i),
                                relative_difference(actual[i], expected[i]), kGradientLimit);
      if (!what.empty()) return what;
    }
    return "";
  });
}

Complaints trespasses(const std::vector<OpCase>& cases, Backend backend) {
  return judge(cases, backend, [&](const OpCase& one) -> std::string {
    const std::size_t harmed = harmed_blocks();
    const HostArray expected = value_on(backend, one.f, one.x);
    std::vector<Surrounded> all;
    for (const HostArray& x : one.x) all.emplace_back(x);
    std::vector<Tensor> operands;
    operands.reserve(all.size());
    for (const Surrounded& x : all) operands.emplace_back(x.operand);
    const HostArray actual = one.f(operands).data().host();
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (!all[i].is_unharmed()) return fmt::format("changes what lies around argument {}", i);
    }
    if (harmed_blocks() > harmed) return "writes outside its memory";
    return beyond("value amid NaN", relative_difference(actual, expected), kValueLimit);
  });
}

Complaints wrong_errors(const std::vector<ErrorCase>& cases, Backend backend) {
  set_backend(backend);
  Complaints complaints;
  for (const ErrorCase& one : cases) {
    std::string says = "nothing";
    try {
      one.call();
    } catch (const Error& error) {
      says = fmt::format("'{}'", error.what());
    }
    if (says == fmt::format("'{}'", one.text)) continue;
    complaints.push_back(fmt::format("{}: should say '{}', says {}", one.op, one.text, says));
  }
  return complaints;
}

}  // namespace nt
