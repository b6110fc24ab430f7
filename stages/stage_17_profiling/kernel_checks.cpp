// The kernels alone, for every processor that they are written for and this one can run.

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "check/catch.hpp"
#include "core/random.hpp"
#include "kernel_choice.hpp"
#include "vector_error.hpp"

namespace nt::fast {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

float one(Kernels::Unary f, float x) {
  float y = 0;
  f(1, &x, &y);
  return y;
}

double exp_error(float y, double x) { return ulps(y, std::exp(x)); }
double erf_error(float y, double x) { return std::abs(double{y} - std::erf(x)); }

TEST_CASE("exp gives 1, e and the limits", "[stage_17][17.6]") {
  with_every_set([](const Kernels& set) {
    CHECK(one(set.exp, 0) == 1);
    CHECK(one(set.exp, -0.0F) == 1);
    CHECK(one(set.exp, 1) == 2.71828183F);
    CHECK(one(set.exp, kInfinity) == kInfinity);
    CHECK(one(set.exp, 88.8F) == kInfinity);
    CHECK(one(set.exp, -kInfinity) == 0);
    CHECK(one(set.exp, -104) == 0);
    CHECK(one(set.exp, -103) == std::numeric_limits<float>::denorm_min());
    CHECK(std::isnan(one(set.exp, kNaN)));
  });
}

TEST_CASE("exp is within 2 units in the last place", "[stage_17][17.6]") {
  with_every_set([](const Kernels& set) {
    const double worst = largest_error(set.exp, 104, 40009, exp_error);
    CHECK(worst > 0.4);  // no float32 function is better than half a unit
    CHECK(worst <= 2);
  });
}

TEST_CASE("exp is within 2 units in the last place for every tenth float", "[stage_17][.slow]") {
  with_every_set(
      [](const Kernels& set) { CHECK(largest_error(set.exp, 104, 10, exp_error) <= 2); });
}

TEST_CASE("erf is within 1e-7, odd, and 1 far out", "[stage_17][17.6]") {
  with_every_set([](const Kernels& set) {
    CHECK(largest_error(set.erf, 6, 40009, erf_error) <= 1e-7);
    for (const float x : {0.3F, 0.999F, 1.0F, 2.5F}) CHECK(one(set.erf, -x) == -one(set.erf, x));
    CHECK(one(set.erf, kInfinity) == 1);
    CHECK(one(set.erf, -kInfinity) == -1);
    CHECK(std::isnan(one(set.erf, kNaN)));
  });
}

/// Multiples of 1/8 whose products add up without rounding, in whatever order.
std::vector<float> exact_numbers(Size count, Random& random) {
  std::vector<float> x(static_cast<std::size_t>(count));
  for (float& value : x) value = static_cast<float>(random.below(33)) / 8 - 2;
  return x;
}

/// What the product should be, by loops in the order m, k, n.
std::vector<float> expected(const Product& p) {
  std::vector<float> c(static_cast<std::size_t>(p.M * p.N));
  for (Size m = 0; m < p.M; ++m) {
    float* const row = c.data() + m * p.N;
    if (p.start) std::copy_n(p.start, p.N, row);
    for (Size k = 0; k < p.K; ++k) {
      const float factor = p.a[m * p.a_row + k * p.a_column];
      for (Size n = 0; n < p.N; ++n) row[n] += factor * p.b[k * p.b_row + n];
    }
  }
  return c;
}

/// Whether every set computes it, over a c that was NaN before.
void check_product(Product p) {
  const std::vector<float> truth = expected(p);
  with_every_set([&](const Kernels& set) {
    std::vector<float> c(truth.size(), kNaN);
    p.c = c.data();
    set.product(p);
    CHECK(c == truth);
  });
}

TEST_CASE("a product of any size is the sum of its products, to the last bit", "[stage_17]") {
  Random random(3);
  for (const Size M : {0, 1, 5, 6, 7, 13, 33}) {
    for (const Size N : {1, 7, 8, 9, 16, 17, 63, 64, 65}) {
      for (const Size K : {0, 1, 8, 256, 257}) {
        // One more, so that a matrix without numbers has an address as well.
        const std::vector<float> a = exact_numbers(M * K + 1, random);
        const std::vector<float> b = exact_numbers(K * N + 1, random);
        const std::vector<float> start = exact_numbers(N, random);
        CAPTURE(M, N, K);
        check_product({M, N, K, a.data(), K, 1, b.data(), N, nullptr, N, start.data()});
        // The same numbers of a, read as if they lay column by column.
        check_product({M, N, K, a.data(), 1, M, b.data(), N, nullptr, N, nullptr});
      }
    }
  }
}

TEST_CASE("a kernel writes its places and no others", "[stage_17][17.6]") {
  with_every_set([](const Kernels& set) {
    for (const Size n : {0, 1, 7, 8, 9, 15, 16, 17, 33}) {
      const std::vector<float> x(static_cast<std::size_t>(n), 0.5F);
      std::vector<float> y(static_cast<std::size_t>(n) + 16, 7);
      set.gelu(n, x.data(), y.data());
      CHECK(std::count(y.begin(), y.end(), 7.0F) == 16);
      CHECK(std::count(y.begin() + n, y.end(), 7.0F) == 16);
    }
  });
}

TEST_CASE("a row's softmax adds up to 1, however large its numbers are", "[stage_17][17.6]") {
  with_every_set([](const Kernels& set) {
    for (const float scale : {1.0F, 1e4F}) {
      for (const Size C : {1, 7, 8, 9, 33, 49}) {
        std::vector<float> x(static_cast<std::size_t>(C));
        std::iota(x.begin(), x.end(), -scale);
        std::vector<float> y(x.size());
        set.softmax(1, C, x.data(), y.data());
        CHECK(std::abs(std::accumulate(y.begin(), y.end(), 0.0) - 1) < 1e-6);
        CHECK(std::is_sorted(y.begin(), y.end()));
      }
    }
  });
}

TEST_CASE("there is a plain set, and the best one is chosen", "[stage_17]") {
  const std::vector<const Kernels*> sets = runnable_kernels();
  REQUIRE_FALSE(sets.empty());
  CHECK(sets.front()->processor == "plain");
  CHECK(&kernels() == sets.back());
  for (std::size_t i = 1; i < sets.size(); ++i) CHECK(sets[i]->width > sets[i - 1]->width);
}

}  // namespace
}  // namespace nt::fast
