// Dropout: what it leaves out, what stays right on the average, and its gradient.

#include "dropout.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "both_backends.hpp"
#include "check/catch.hpp"
#include "check/close_to.hpp"
#include "finite_difference.hpp"

namespace nt {
namespace {

Tensor all(const Shape& shape, float value) {
  return Tensor(op::array(filled(shape, value)), true);
}

/// The factors of p from that seed: what becomes of ones.
std::vector<float> factors(float p, std::uint64_t seed, const Shape& shape) {
  return Dropout(p, Random(seed))(all(shape, 1)).data().host().values;
}

TEST_CASE("dropout leaves a number out or divides it by 1 - p", "[stage_08][8.4]") {
  for (const Backend backend : kBoth) {
    use(backend);
    const Tensor x(op::array({{2, 4}, {1, 2, 3, 4, -5, -6, -7, -8}}));
    for (const float p : {0.5F, 0.75F}) {
      Dropout dropout(p, Random(1));
      for (int call = 0; call < 20; ++call) {
        const HostArray y = dropout(x).data().host();
        REQUIRE(y.shape == x.shape());
        for (std::size_t i = 0; i < 8; ++i) {
          const float kept = x.data().host().values[i] / (1 - p);  // 2 x or 4 x, exactly
          CHECK((y.values[i] == 0 || y.values[i] == kept));
        }
      }
    }
  }
}

TEST_CASE("the share of what is left out is p, and the mean stays", "[stage_08][8.4]") {
  use(Backend::naive);
  constexpr int kCount = 100000;
  for (const float p : {0.1F, 0.5F, 0.9F}) {
    CAPTURE(p);
    double out = 0;
    double sum = 0;
    for (const float factor : factors(p, 1, {10, kCount / 10})) {
      out += factor == 0 ? 1 : 0;
      sum += factor;
    }
    // The standard error of a share of independent draws. The seed is fixed; of all seeds one in
    // 15 000 would lie beyond four of them.
    const double error = std::sqrt(p * (1 - p) / kCount);
    CHECK(std::abs(out / kCount - p) < 4 * error);
    CHECK(std::abs(sum / kCount - 1) < 4 * error / (1 - p));
  }
}

TEST_CASE("each number is left out by itself", "[stage_08][8.4]") {
  // Of neighbours, along either axis, both are left out with probability p^2.
  use(Backend::naive);
  constexpr std::size_t kSide = 300;
  const std::vector<float> f = factors(0.3F, 2, {kSide, kSide});
  for (const std::size_t step : {std::size_t{1}, kSide}) {
    double both = 0;
    for (std::size_t i = 0; i + kSide < f.size(); ++i) both += f[i] == 0 && f[i + step] == 0;
    const double count = kSide * (kSide - 1);
    // Pairs that share a number are not independent, which doubles the variance at most and some.
    const double error = std::sqrt(2 * 0.09 * 0.91 / count);
    CHECK(std::abs(both / count - 0.09) < 4 * error);
  }
}

TEST_CASE("the same seed leaves out the same numbers on every backend, the next call others",
          "[stage_08][8.4]") {
  std::vector<float> first[2];
  for (const Backend backend : kBoth) {
    use(backend);
    Dropout dropout(0.5F, Random(3));
    Dropout copy = dropout;
    const Tensor x = all({8, 9}, 1);
    const HostArray once = dropout(x).data().host();
    const HostArray again = dropout(x).data().host();
    CHECK_THAT(copy(x).data(), close_to(once, 0));
    CHECK_THAT(copy(x).data(), close_to(again, 0));
    CHECK(once.values != again.values);
    CHECK(once.values != factors(0.5F, 4, {8, 9}));
    first[backend == Backend::eigen] = once.values;
  }
  CHECK(first[0] == first[1]);
}

TEST_CASE("the gradient of dropout has the factors of its result", "[stage_08][8.4]") {
  for (const Backend backend : kBoth) {
    use(backend);
    const Tensor x = all({7, 33}, 1);
    Dropout dropout(0.4F, Random(5));
    Tape tape;
    const Tensor y = dropout(x);
    tape.backward(y, all(y.shape(), 8).data());
    HostArray expected = y.data().host();
    for (float& factor : expected.values) factor *= 8;
    CHECK_THAT(x.grad(), close_to(expected, 0));
  }
}

TEST_CASE("dropout agrees with finite differences along random directions", "[stage_08][8.4]") {
  // y is linear in x, so nothing but rounding is left; measured: at most 2.4e-5, over 100 seeds.
  for (const Backend backend : kBoth) {
    use(backend);
    Random random(6);
    const auto dropped = [](const std::vector<Tensor>& x) {
      return Dropout(0.5F, Random(7))(x[0]);
    };
    HostArray x{{4, 9}, {}};
    for (int i = 0; i < 36; ++i) x.values.push_back(random.normal());
    CHECK(gradient_error(dropped, {x}, random) < 1e-4);
  }
}

TEST_CASE("dropout with p = 0 changes nothing", "[stage_08][8.4]") {
  for (const Backend backend : kBoth) {
    use(backend);
    for (const Shape& shape : {Shape{}, Shape{7}, Shape{3, 0}, Shape{9, 33}}) {
      Random random(8);
      HostArray x{shape, {}};
      for (std::int64_t i = 0; i < shape.count(); ++i) x.values.push_back(random.normal());
      CHECK_THAT(Dropout(0, random)(Tensor(op::array(x))).data(), close_to(x, 0));
    }
  }
}

TEST_CASE("NaN stays NaN, left out or not", "[stage_08][8.4]") {
  for (const Backend backend : kBoth) {
    use(backend);
    const Tensor x = all({33}, std::numeric_limits<float>::quiet_NaN());
    for (const float y : Dropout(0.5F, Random(9))(x).data().host().values) CHECK(std::isnan(y));
  }
}

TEST_CASE("a probability of dropout outside [0, 1) is refused", "[stage_08]") {
  const auto refused = [](float p, const std::string& found) {
    CHECK_THROWS_WITH(Dropout(p, Random(1)), "dropout: p should be in [0, 1), found " + found);
  };
  refused(1, "1");
  refused(1.5F, "1.5");
  refused(-0.25F, "-0.25");
  refused(std::numeric_limits<float>::quiet_NaN(), "nan");
}

}  // namespace
}  // namespace nt
