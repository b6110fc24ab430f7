// The rows that stage 5 adds: tanh, power, greater, equal, where, pick, and pad on naive.

#include <cmath>
#include <limits>
#include <utility>

#include "both_backends.hpp"
#include "check/catch.hpp"
#include "check/close_to.hpp"
#include "core/errors.hpp"
#include "core/random.hpp"
#include "gradient_rows.hpp"

namespace nt {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

TEST_CASE("tanh goes from -1 to 1, and power multiplies a number by itself", "[stage_05]") {
  on_both([] {
    const Array x = op::array({{5}, {0, 0.54930614F, -1, 100, -kInfinity}});
    CHECK_THAT(op::tanh(x), close_to(HostArray{{5}, {0, 0.5F, -0.76159416F, 1, -1}}, 1e-7F));
    const Array y = op::array({{2, 2}, {2, -3, 0.25F, 1}});
    CHECK_THAT(op::power(y, 3), close_to(HostArray{{2, 2}, {8, -27, 0.015625F, 1}}, 0));
    CHECK_THAT(op::power(y, -1), close_to(HostArray{{2, 2}, {0.5F, -1.0F / 3, 4, 1}}, 0));
    CHECK_THAT(op::power(y, 0), close_to(HostArray{{2, 2}, {1, 1, 1, 1}}, 0));
    const HostArray roots = op::power(y, 0.5F).host();
    CHECK(roots.values[2] == 0.5F);
    CHECK(std::isnan(roots.values[1]));  // of a negative number
    CHECK_THAT(op::power(op::array({{2}, {0, kNaN}}), 0), close_to(HostArray{{2}, {1, 1}}, 0));
  });
}

TEST_CASE("comparisons give 1 or 0, and nothing is so with NaN", "[stage_05]") {
  on_both([] {
    const Array a = op::array({{2, 3}, {1, 2, 3, kNaN, -0.0F, kInfinity}});
    const Array b = op::array({{3}, {2, 0, 3}});
    CHECK_THAT(op::greater(a, b), close_to(HostArray{{2, 3}, {0, 1, 0, 0, 0, 1}}, 0));
    CHECK_THAT(op::greater(b, a), close_to(HostArray{{2, 3}, {1, 0, 0, 0, 0, 0}}, 0));
    CHECK_THAT(op::equal(a, b), close_to(HostArray{{2, 3}, {0, 0, 1, 0, 1, 0}}, 0));
    CHECK_THAT(op::equal(op::number(kNaN), op::number(kNaN)), close_to(HostArray{{}, {0}}, 0));
    CHECK_THAT(op::equal(op::number(kInfinity), op::number(kInfinity)),
               close_to(HostArray{{}, {1}}, 0));
  });
}

TEST_CASE("where takes a side for each element, all three broadcast", "[stage_05]") {
  on_both([] {
    const Array column = op::array({{2, 1}, {1, 0}});
    const Array a = op::array({{3}, {1, 2, 3}});
    CHECK_THAT(op::where(column, a, op::number(9)),
               close_to(HostArray{{2, 3}, {1, 2, 3, 9, 9, 9}}, 0));
    CHECK_THAT(op::where(op::number(0), a, column),
               close_to(HostArray{{2, 3}, {1, 1, 1, 0, 0, 0}}, 0));
    CHECK_THAT(op::where(op::array({{3}, {-2, 0, 0.5F}}), a, op::number(9)),
               close_to(HostArray{{3}, {1, 9, 3}}, 0));
    // the side that is not taken has no say, and NaN is not 0
    CHECK_THAT(op::where(op::array({{3}, {1, 0, kNaN}}), a, op::array({{3}, {kNaN, 5, kNaN}})),
               close_to(HostArray{{3}, {1, 5, 3}}, 0));
    CHECK_THAT(op::where(op::array({{0}, {}}), op::number(1), op::number(2)),
               close_to(HostArray{{0}, {}}, 0));
  });
}

TEST_CASE("pick takes an element of each row", "[stage_05]") {
  on_both([] {
    const Array x = op::array({{2, 3}, {1, 2, 3, 4, kNaN, 6}});
    CHECK_THAT(op::pick(x, {2, 0}), close_to(HostArray{{2}, {3, 4}}, 0));
    CHECK(std::isnan(op::pick(x, {0, 1}).host().values[1]));
    CHECK_THAT(op::pick(op::transpose(x, 0, 1), {1, 0, 1}), close_to(HostArray{{3}, {4, 2, 6}}, 0));
    CHECK_THAT(op::pick(op::array({{0, 3}, {}}), {}), close_to(HostArray{{0}, {}}, 0));
  });
}

TEST_CASE("pad puts zeros around what it gets", "[stage_05]") {
  on_both([] {
    const Array x = op::array({{2, 2}, {1, 2, 3, kInfinity}});
    CHECK_THAT(op::pad(x, 0, 1, 0), close_to(HostArray{{3, 2}, {0, 0, 1, 2, 3, kInfinity}}, 0));
    CHECK_THAT(op::pad(x, -1, 0, 2),
               close_to(HostArray{{2, 4}, {1, 2, 0, 0, 3, kInfinity, 0, 0}}, 0));
    CHECK_THAT(op::pad(x, 1, 0, 0), close_to(x, 0));
    CHECK_THAT(op::pad(op::transpose(x, 0, 1), 1, 1, 1),
               close_to(HostArray{{2, 4}, {0, 1, 3, 0, 0, 2, kInfinity, 0}}, 0));
    CHECK_THAT(op::pad(op::array({{2, 0}, {}}), 1, 1, 1),
               close_to(HostArray{{2, 2}, {0, 0, 0, 0}}, 0));
    CHECK_THAT(op::pad(op::array({{2, 0}, {}}), 0, 1, 1), close_to(HostArray{{4, 0}, {}}, 0));
  });
}

TEST_CASE("a new row that lacks a rule's shapes says so", "[stage_05]") {
  on_both([] {
    const Array a = op::array({{2}, {1, 2}});
    const Array b = op::array({{3}, {1, 2, 3}});
    CHECK_THROWS_AS(op::where(a, b, op::number(0)), ShapeError);
    CHECK_THROWS_WITH(op::where(a, b, op::number(0)),
                      "where: shapes do not broadcast: condition is (2), a is (3), b is ()");
    CHECK_THROWS_AS(op::pick(op::array({{2, 10}, std::vector<float>(20)}), {1, 2, 3}), ShapeError);
    CHECK_THROWS_WITH(op::pick(op::array({{2, 10}, std::vector<float>(20)}), {1, 2, 3}),
                      "pick: a label for each row: x is (2, 10), labels are 3");
    CHECK_THROWS_WITH(op::pick(op::array({{2, 10}, std::vector<float>(20)}), {1, 10}),
                      "pick: label 1 is 10, and x is (2, 10)");
  });
}

/// Normal numbers, some equal; turned, so that naive has strides to read.
Array turned(const Shape& shape, Random& random) {
  HostArray values{{shape[1], shape[0]}, {}};
  for (std::int64_t i = 0; i < shape.count(); ++i) {
    values.values.push_back(std::round(4 * random.normal()) / 4);
  }
  return op::transpose(op::array(values), 0, 1);
}

TEST_CASE("the new rows agree on naive and eigen for ragged sizes", "[stage_05]") {
  install_gradient_rows();
  const auto results = [](std::int64_t M, std::int64_t N) {
    Random random(static_cast<std::uint64_t>(100 * M + N));
    const Array a = turned({M, N}, random);
    const Array b = turned({M, N}, random);
    const Array c = turned({1, N}, random);
    Labels labels;
    for (std::int64_t i = 0; i < M; ++i) {
      labels.push_back(static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(N))));
    }
    std::vector<HostArray> all;
    for (const Array& y : {op::tanh(a), op::power(op::multiply(a, a), 1.5F), op::greater(a, c),
                           op::equal(a, b), op::where(op::greater(a, c), a, b), op::pick(a, labels),
                           op::pad(a, 0, 1, 2), op::pad(a, 1, 2, 0)}) {
      all.push_back(y.host());
    }
    return all;
  };
  for (const std::int64_t M : {1, 7, 8, 9, 33}) {
    for (const std::int64_t N : {1, 7, 8, 9, 33}) {
      set_backend(Backend::eigen);
      const std::vector<HostArray> expected = results(M, N);
      set_backend(Backend::naive);
      const std::vector<HostArray> actual = results(M, N);
      for (std::size_t row = 0; row < expected.size(); ++row) {
        CAPTURE(M, N, row);
        // Both ask the C library, number by number.
        CHECK_THAT(actual[row], close_to(expected[row], 0));
      }
    }
  }
}

}  // namespace
}  // namespace nt
