#include "core/random.hpp"

#include <cmath>
#include <numeric>
#include <utility>

namespace nt {
namespace {

/// ln x for x > 0, from additions, multiplications and divisions alone. The C library's log may
/// differ in the last bit from one platform to the next; IEEE arithmetic does not.
/// With x = m 2^e and s = (m - 1) / (m + 1):  ln m = 2 (s + s^3/3 + s^5/5 + ...).
double portable_log(double x) {
  int exponent = 0;
  double mantissa = std::frexp(x, &exponent);  // exact
  if (mantissa < 0.70710678118654752) {
    mantissa *= 2;
    --exponent;
  }
  const double s = (mantissa - 1) / (mantissa + 1);  // |s| < 0.172: 11 terms reach 2^-53
  double power = s;
  double sum = 0;
  for (int k = 1; k <= 21; k += 2) {
    sum += power / k;
    power *= s * s;
  }
  return 2 * sum + exponent * 0.69314718055994531;
}

}  // namespace

std::uint64_t Random::next() {
  state_ += 0x9e3779b97f4a7c15U;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31U);
}

std::uint64_t Random::below(std::uint64_t bound) {
  const std::uint64_t surplus = -bound % bound;  // 2^64 mod bound: these many would favour some
  std::uint64_t bits = next();
  while (bits < surplus) bits = next();
  return bits % bound;
}

float Random::uniform() { return static_cast<float>(next() >> 40U) * 0x1p-24F; }

float Random::normal() {
  while (true) {
    const double u = static_cast<double>(next() >> 11U) * 0x1p-52 - 1;  // in [-1, 1)
    const double v = static_cast<double>(next() >> 11U) * 0x1p-52 - 1;
    const double s = u * u + v * v;
    if (s > 0 && s < 1) return static_cast<float>(u * std::sqrt(-2 * portable_log(s) / s));
  }
}

std::vector<std::int64_t> Random::permutation(std::int64_t count) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), 0);
  for (std::size_t last = order.size(); last > 1; --last) {
    std::swap(order[last - 1], order[below(last)]);
  }
  return order;
}

HostArray normal(const Shape& shape, Random& random) {
  HostArray result = filled(shape);
  for (float& value : result.values) value = random.normal();
  return result;
}

HostArray uniform(const Shape& shape, float bound, Random& random) {
  HostArray result = filled(shape);
  for (float& value : result.values) value = bound * (2 * random.uniform() - 1);
  return result;
}

}  // namespace nt
