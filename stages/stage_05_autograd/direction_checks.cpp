// Every operation on all shapes of gradient_cases.hpp: its derivative against the finite
// difference, on both backends, and with NaN.

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "both_backends.hpp"
#include "check/catch.hpp"
#include "check/close_to.hpp"
#include "gradient_cases.hpp"
#include "tensor_ops.hpp"

namespace nt {
namespace {

using Arguments = std::vector<Tensor>;
using Names = std::set<std::string>;

/// The operations that wait for exercises of their own.
const Names kLater{"divide", "matmul"};

/// The cases of the operations named, or of all but these.
std::vector<GradientCase> cases_of(const Names& names, std::uint64_t seed, bool but = false) {
  std::vector<GradientCase> cases = gradient_cases(seed);
  std::erase_if(cases, [&](const GradientCase& one) { return names.contains(one.op) == but; });
  REQUIRE(cases.size() >= 10);
  return cases;
}

std::vector<GradientCase> cases_but(const Names& names, std::uint64_t seed) {
  return cases_of(names, seed, true);
}

std::string text(const GradientCase& one) {
  std::string shapes;
  for (const HostArray& x : one.x) shapes += " " + x.shape.text();
  return one.op + " of" + shapes;
}

void check_directions(const std::vector<GradientCase>& cases) {
  on_both([&] {
    Random random(3);
    for (const GradientCase& one : cases) {
      INFO(text(one));
      CHECK(gradient_error(one.f, one.x, random) < 1e-3);  // see finite_difference.hpp
    }
  });
}

TEST_CASE("every derivative is what the finite difference finds", "[stage_05][5.4]") {
  check_directions(cases_but(kLater, 2));
}

TEST_CASE("a quotient's derivative is what the finite difference finds", "[stage_05][5.5]") {
  check_directions(cases_of({"divide"}, 2));
}

TEST_CASE("a product's derivative is what the finite difference finds", "[stage_05][5.6]") {
  check_directions(cases_of({"matmul"}, 2));
}

void check_columns(const std::vector<GradientCase>& cases) {
  install_gradient_rows();
  for (const GradientCase& one : cases) {
    set_backend(Backend::eigen);
    const std::vector<HostArray> expected = gradients_of(one, 5);
    set_backend(Backend::naive);
    const std::vector<HostArray> actual = gradients_of(one, 5);
    for (std::size_t i = 0; i < actual.size(); ++i) {
      INFO(text(one) << ", argument " << i);
      float largest = 1;
      for (const float value : expected[i].values) largest = std::max(largest, std::abs(value));
      // Measured: at most 4e-7 of the largest, a few units in the last place.
      CHECK_THAT(actual[i], close_to(expected[i], 1e-6F * largest));
    }
  }
}

TEST_CASE("all gradients agree on naive and eigen", "[stage_05][5.4]") {
  check_columns(cases_but(kLater, 4));
}

TEST_CASE("a quotient's gradients agree on naive and eigen", "[stage_05][5.5]") {
  check_columns(cases_of({"divide"}, 4));
}

TEST_CASE("a product's gradients agree on naive and eigen", "[stage_05][5.6]") {
  check_columns(cases_of({"matmul"}, 4));
}

bool holds_nan(const HostArray& x) {
  return std::any_of(x.values.begin(), x.values.end(), [](float v) { return std::isnan(v); });
}

Array nan_of(const Shape& shape) {
  constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
  return op::array({shape, std::vector<float>(static_cast<std::size_t>(shape.count()), kNaN)});
}

/// NaN for all arguments gives NaN in the result, but for x^0, and NaN for dy NaN in a gradient.
void check_nan(const std::vector<GradientCase>& cases) {
  on_both([&] {
    for (const GradientCase& one : cases) {
      INFO(text(one));
      Arguments x;
      Arguments unknown;
      for (const HostArray& values : one.x) {
        x.emplace_back(op::array(values), true);
        unknown.emplace_back(nan_of(values.shape));
      }
      Tape tape;
      const Tensor y = one.f(x);
      if (y.shape().count() == 0 || one.x[0].shape.count() == 0) continue;
      const HostArray of_unknown = one.f(unknown).data().host();
      const bool is_one = one.op == "power" && of_unknown.values[0] == 1;
      CHECK((is_one || holds_nan(of_unknown)));
      tape.backward(y, nan_of(y.shape()));
      CHECK(std::any_of(x.begin(), x.end(),
                        [](const Tensor& t) { return holds_nan(t.grad().host()); }));
    }
  });
}

TEST_CASE("NaN comes out of every operation and every derivative", "[stage_05][5.4]") {
  check_nan(cases_but(kLater, 1));
}

TEST_CASE("NaN comes out of a quotient and its derivative", "[stage_05][5.5]") {
  check_nan(cases_of({"divide"}, 1));
}

TEST_CASE("NaN comes out of a product and its derivative", "[stage_05][5.6]") {
  check_nan(cases_of({"matmul"}, 1));
}

}  // namespace
}  // namespace nt
