// What is said of a case: values, derivatives, errors. Each planted mistake must be noticed.

#include "judge.hpp"

#include <cmath>
#include <limits>

#include "check/catch.hpp"
#include "check/close_to.hpp"
#include "columns.hpp"
#include "core/errors.hpp"
#include "patch_rows.hpp"
#include "planted.hpp"
#include "tensor_ops.hpp"

namespace nt {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
const Complaints kNone;
constexpr float kInfinity = std::numeric_limits<float>::infinity();

HostArray row(const std::vector<float>& values) { return {{std::ssize(values)}, values}; }

OpCase exp_of(const std::vector<float>& values) {
  return {{"exp", {row(values)}, [](const std::vector<Tensor>& t) { return exp(t[0]); }}};
}

/// The complaints about every planted mistake of an area; each must have some.
void check_planted(const std::string& area, std::size_t expected) {
  install_patches();
  std::size_t found = 0;
  for (const PlantedMistake& mistake : planted_mistakes()) {
    if (mistake.area != area) continue;
    ++found;
    CAPTURE(mistake.name);
    CHECK_FALSE(mistake.judge().empty());
  }
  CHECK(found == expected);
}

TEST_CASE("a difference is relative to the largest number that was expected", "[stage_16][16.3]") {
  CHECK(relative_difference(row({11, 4}), row({10, 4})) == 0.1);
  CHECK(relative_difference(row({10, 5}), row({10, 4})) == 0.1);    // to the largest of all
  CHECK(relative_difference(row({-10, 5}), row({-10, 4})) == 0.1);  // by its size
  CHECK(relative_difference(row({4, 40}), row({4, 4})) == 9);       // and not of what was found
  CHECK(relative_difference(row({3, 4}), row({3, 4})) == 0);
}

TEST_CASE("below 1 a difference counts as it is", "[stage_16][16.3]") {
  CHECK(relative_difference(row({0.5F, 0}), row({0.25F, 0})) == 0.25);
  CHECK(relative_difference(row({0.5F}), row({0})) == 0.5);
  CHECK(relative_difference(row({}), row({})) == 0);
}

TEST_CASE("NaN and another shape are never close", "[stage_16][16.3]") {
  CHECK(std::isnan(relative_difference(row({kNaN, 1}), row({1, 1}))));
  CHECK(std::isnan(relative_difference(row({1, 1}), row({1, kNaN}))));
  CHECK(std::isinf(relative_difference(row({1, 2}), {{1, 2}, {1, 2}})));
  CHECK_FALSE(relative_difference(row({kInfinity}), row({1})) < 1e30);
}

TEST_CASE("a value that differs from the trusted one is complained about", "[stage_16][16.3]") {
  install_patches();
  const std::vector<OpCase> cases{exp_of({0, 0}), exp_of({0})};
  CHECK(wrong_values(cases, Backend::naive).empty());
  const OtherKernel planted(op::exp, Backend::naive, [](const Array& x) {
    return op::add(x, op::array(filled(x.shape(), x.shape().count() == 1 ? 1 : 1.5F)));
  });
  CHECK(wrong_values(cases, Backend::naive) ==
        Complaints{"exp of (2): value differs by 0.5, relative"});
  CHECK(current_backend() == Backend::naive);
}

TEST_CASE("an error is a complaint in its own words, and the other cases go on",
          "[stage_16][16.3]") {
  install_patches();
  const OtherKernel planted(op::exp, Backend::naive, [](const Array& x) -> Array {
    if (x.shape().count() == 1) throw Error("no single numbers");
    return op::multiply(x, op::number(0));
  });
  CHECK(wrong_values({exp_of({0}), exp_of({0, 0})}, Backend::naive) ==
        Complaints{"exp of (1): no single numbers", "exp of (2): value differs by 1, relative"});
}

TEST_CASE("a gradient of any argument that differs from the trusted one is complained about",
          "[stage_16][16.3]") {
  install_patches();
  for (const std::size_t wrong : {0U, 1U}) {
    const TensorFunction f = [wrong](const std::vector<Tensor>& t) {
      const auto derivative = [wrong](std::size_t argument) -> Derivative {
        const bool doubled = argument == wrong && current_backend() != kTrusted;
        return [doubled](const Array& dy) { return doubled ? op::add(dy, dy) : dy; };
      };
      return record("add", op::add(t[0].data(), t[1].data()),
                    {{t[0], derivative(0)}, {t[1], derivative(1)}});
    };
    const std::vector<OpCase> cases{{{"add", {row({1}), row({0})}, f}}};
    CHECK(wrong_gradients(cases, kTrusted).empty());
    const Complaints complaints = wrong_gradients(cases, Backend::naive);
    REQUIRE(complaints.size() == 1);
    CHECK_THAT(complaints[0], contains_text("add of (1), (1): gradient of argument " +
                                            std::to_string(wrong) + " differs by "));
  }
}

TEST_CASE("every case is right on every backend", "[stage_16][16.3]") {
  install_patches();
  const std::vector<OpCase> cases = op_cases(3);
  for (const Backend backend : columns()) {
    CHECK(wrong_values(cases, backend) == kNone);
    CHECK(wrong_gradients(cases, backend) == kNone);
  }
}

TEST_CASE("planted mistakes in values are noticed", "[stage_16][16.3]") { check_planted("ops", 3); }

TEST_CASE("planted mistakes in derivatives are noticed", "[stage_16]") {
  check_planted("gradients", 3);
}

TEST_CASE("a wrong slope is complained about where there is one", "[stage_16]") {
  install_patches();
  const TensorFunction f = [](const std::vector<Tensor>& t) {
    const auto dx = [](const Array& dy) { return op::multiply(dy, op::number(3)); };
    return record("double", op::multiply(t[0].data(), op::number(2)), {{t[0], dx}});
  };
  OpCase wrong{{"double", {row({1, 2})}, f}};
  const Complaints complaints = wrong_slopes({wrong}, Backend::naive);
  REQUIRE(complaints.size() == 1);
  CHECK_THAT(complaints[0], contains_text("double of (2): slope differs by "));
  wrong.has_slope = false;
  CHECK(wrong_slopes({wrong}, Backend::naive).empty());
}

TEST_CASE("a slope of nothing is no error, however small its scale", "[stage_16]") {
  install_patches();
  set_backend(Backend::naive);
  const TensorFunction quotient = [](const std::vector<Tensor>& t) { return divide(t[0], t[0]); };
  Random random(1);
  CHECK(slope_error(quotient, {row({0.3F, -0.7F, 1.1F})}, random) < 1e-4);
}

TEST_CASE("planted mistakes in errors are noticed", "[stage_16]") { check_planted("errors", 2); }

TEST_CASE("an error that says something else, or nothing, is complained about", "[stage_16]") {
  install_patches();
  const std::vector<ErrorCase> cases{{"a", "a: right", [] { throw Error("a: right"); }},
                                     {"b", "b: right", [] { throw Error("b: right, and more"); }},
                                     {"c", "c: right", [] {}}};
  CHECK(wrong_errors(cases, Backend::naive) ==
        Complaints{"b: should say 'b: right', says 'b: right, and more'",
                   "c: should say 'c: right', says nothing"});
}

TEST_CASE("every error is as it should be on every backend", "[stage_16]") {
  install_patches();
  for (const Backend backend : columns()) {
    CHECK(wrong_errors(error_cases(), backend) == kNone);
  }
}

}  // namespace
}  // namespace nt
