#pragma once
// How far a float32 function strays from the true one, over many floats.

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "kernels.hpp"

namespace nt::fast {

/// How far y is from the true value, in units of the last place that a float has there.
inline double ulps(float y, double truth) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const auto nearest = static_cast<float>(truth);
  if (std::isinf(nearest) || std::isinf(y)) return y == nearest ? 0 : kInfinity;
  const float next = std::nextafter(std::abs(nearest), kInfinity);
  return std::abs(double{y} - truth) / (double{next} - std::abs(nearest));
}

/// The largest error(f(x), x) for every `step`-th float x from 0 to `end`, with either sign.
template <class Error>
double largest_error(Kernels::Unary f, float end, std::uint32_t step, const Error& error) {
  double largest = 0;
  for (std::uint32_t bits = 0; bits <= std::bit_cast<std::uint32_t>(end); bits += step) {
    const float x[] = {std::bit_cast<float>(bits), -std::bit_cast<float>(bits)};
    float y[2];
    f(2, x, y);
    for (const int i : {0, 1}) largest = std::max(largest, error(y[i], double{x[i]}));
  }
  return largest;
}

}  // namespace nt::fast
