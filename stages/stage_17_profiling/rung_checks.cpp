// Every rung of the ladder computes the product: on sizes that fit no block, beyond no end of its
// operands, and with NaN where NaN goes in.

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "check/catch.hpp"
#include "check/close_to.hpp"
#include "core/random.hpp"
#include "eigen/eigen_ops.hpp"
#include "kernel_choice.hpp"
#include "ladder.hpp"
#include "patch_agreement.hpp"
#include "rungs.hpp"

namespace nt {
namespace {

using fast::Size;

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kUntouched = -12345;
constexpr std::size_t kFence = 80;  // more than a panel

/// Floats between two fences of one value, so that reading or writing beyond an end is seen.
class Fenced {
 public:
  Fenced(const std::vector<float>& values, float fence)
      : all_(values.size() + 2 * kFence, fence), count_(values.size()), fence_(fence) {
    std::copy(values.begin(), values.end(), data());
  }

  float* data() { return all_.data() + kFence; }
  std::vector<float> values() const {
    const auto begin = all_.begin() + kFence;
    return {begin, begin + static_cast<std::ptrdiff_t>(count_)};
  }
  bool is_whole() const {
    const auto fence = [this](float x) { return x == fence_; };
    return std::all_of(all_.begin(), all_.begin() + kFence, fence) &&
           std::all_of(all_.end() - kFence, all_.end(), fence);
  }

 private:
  std::vector<float> all_;
  std::size_t count_;
  float fence_;
};

/// a b, as the rung computes it.   a: (M, K), b: (K, N) -> (M, N)
HostArray product(Rung::Multiply multiply, const HostArray& a, const HostArray& b) {
  const Size M = a.shape[0];
  const Size N = b.shape[1];
  Fenced left(a.values, kNaN);
  Fenced right(b.values, kNaN);
  Fenced c(filled({M, N}, kNaN).values, kUntouched);
  multiply(M, N, a.shape[1], left.data(), right.data(), c.data());
  REQUIRE(c.is_whole());
  return {{M, N}, c.values()};
}

HostArray eigens_product(const HostArray& a, const HostArray& b) {
  return eigen::matmul(eigen::array(a), eigen::array(b)).host();
}

/// Operands that no sum of 65 products rounds, so that any order and any rounding gives the same.
void check_against_eigen(Rung::Multiply multiply, const std::vector<Size>& sizes) {
  Random random(17);
  for (const Size M : sizes) {
    for (const Size K : sizes) {
      for (const Size N : sizes) {
        const HostArray a = eighths({M, K}, random);
        const HostArray b = eighths({K, N}, random);
        CAPTURE(M, K, N);
        REQUIRE_THAT(product(multiply, a, b), close_to(eigens_product(a, b), 0));
      }
    }
  }
}

const std::vector<Size> kRagged{0, 1, 7, 8, 9, 33, 65};

/// [1 2 3; 4 5 6] [1 0; 0 1; 10 -1]
void check_by_hand(Rung::Multiply multiply) {
  const HostArray a{{2, 3}, {1, 2, 3, 4, 5, 6}};
  const HostArray b{{3, 2}, {1, 0, 0, 1, 10, -1}};
  CHECK_THAT(product(multiply, a, b), close_to(HostArray{{2, 2}, {31, -1, 64, -1}}, 0));
}

/// A NaN of a reaches its row of c, and no other, though b is 0.
void check_nan(Rung::Multiply multiply) {
  for (const Size k : {0, 9}) {  // in a block of 8, and behind it
    HostArray a = filled({11, 10}, 1);
    a.values[static_cast<std::size_t>(9 * 10 + k)] = kNaN;
    const HostArray c = product(multiply, a, filled({10, 70}));
    for (Size m = 0; m < 11; ++m) {
      for (Size n = 0; n < 70; ++n) {
        CAPTURE(m, n, k);
        REQUIRE((m == 9 ? std::isnan(c[{m, n}]) : c[{m, n}] == 0));
      }
    }
  }
  const float infinite = std::numeric_limits<float>::infinity();
  CHECK(std::isnan(product(multiply, {{1, 1}, {0}}, {{1, 1}, {infinite}}).values.front()));
}

bool same_bits(const HostArray& x, const HostArray& y) {
  return std::equal(x.values.begin(), x.values.end(), y.values.begin(), y.values.end(),
                    [](float a, float b) {
                      return std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b);
                    });
}

/// On numbers that every sum rounds.
void check_bits_of_naive(Rung::Multiply multiply) {
  Random random(3);
  const HostArray a = normal({19, 70}, random);
  const HostArray b = normal({70, 21}, random);
  CHECK(same_bits(product(multiply, a, b), product(rung::naive, a, b)));
}

TEST_CASE("the naive product is Eigen's", "[stage_17][ladder]") {
  check_by_hand(rung::naive);
  check_nan(rung::naive);
  check_against_eigen(rung::naive, kRagged);
}

TEST_CASE("the product with reordered loops is Eigen's", "[stage_17][17.3]") {
  check_by_hand(rung::reordered);
  check_nan(rung::reordered);
  check_against_eigen(rung::reordered, kRagged);
}

TEST_CASE("reordered loops add in the same order: the same bits", "[stage_17][17.3]") {
  check_bits_of_naive(rung::reordered);
}

TEST_CASE("the product by blocks of 8 x 8 is Eigen's, whatever is left of the last block",
          "[stage_17][17.4]") {
  check_by_hand(rung::blocked);
  check_nan(rung::blocked);
  check_against_eigen(rung::blocked, kRagged);
}

TEST_CASE("blocks of 8 x 8 add in the same order: the same bits", "[stage_17][17.4]") {
  check_bits_of_naive(rung::blocked);
}

TEST_CASE("the product by tiles in registers is Eigen's, for every processor",
          "[stage_17][ladder]") {
  with_every_set([](const fast::Kernels&) {
    check_by_hand(rung::tiled);
    check_nan(rung::tiled);
    check_against_eigen(rung::tiled, kRagged);
  });
}

TEST_CASE("a panel holds its columns row behind row, and touches nothing else",
          "[stage_17][17.5]") {
  const std::vector<float> b{0, 1, 2, 3, 4, 10, 11, 12, 13, 14};  // (2, 5)
  struct Row {
    Size n, columns;
    std::vector<float> panel;
  };
  const Row rows[] = {
      {1, 3, {1, 2, 3, 11, 12, 13}}, {0, 5, b}, {4, 1, {4, 14}}, {2, 3, {2, 3, 4, 12, 13, 14}}};
  for (const auto& [n, columns, expected] : rows) {
    CAPTURE(n, columns);
    Fenced from(b, kNaN);
    Fenced panel(std::vector<float>(expected.size(), kNaN), kUntouched);
    rung::pack_panel(2, 5, from.data(), n, columns, panel.data());
    CHECK(panel.values() == expected);
    CHECK(panel.is_whole());
  }
}

TEST_CASE("the product from packed panels is Eigen's, for every processor", "[stage_17][17.5]") {
  with_every_set([](const fast::Kernels&) {
    check_by_hand(rung::packed);
    check_nan(rung::packed);
    check_against_eigen(rung::packed, kRagged);
  });
  check_against_eigen(rung::packed, {64, 130});  // whole panels, and more rows than go at a time
}

TEST_CASE("tiles, packing and threads give the same bits, for any number of threads",
          "[stage_17][17.5]") {
  Random random(5);
  const HostArray a = normal({200, 270}, random);
  const HostArray b = normal({270, 70}, random);
  with_every_set([&](const fast::Kernels&) {
    const HostArray c = product(rung::tiled, a, b);
    CHECK(same_bits(product(rung::packed, a, b), c));
    for (const int threads : {1, 2, 3}) {
      CAPTURE(threads);
      fast::set_threads(threads);
      CHECK(same_bits(product(rung::threaded, a, b), c));
    }
  });
}

TEST_CASE("the product by several threads is Eigen's", "[stage_17][17.5]") {
  const KernelChoice before;
  fast::set_threads(3);
  check_by_hand(rung::threaded);
  check_nan(rung::threaded);
  check_against_eigen(rung::threaded, {0, 1, 9, 65, 200});
}

}  // namespace
}  // namespace nt
