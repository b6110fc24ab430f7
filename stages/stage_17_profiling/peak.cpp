#include "peak.hpp"

#include <array>

#include "parallel.hpp"

namespace nt {
namespace {

constexpr fast::Size kTimes = 20000;
constexpr std::size_t kWidest = 16;  // floats in a vector

/// Several for each thread: one that wakes late does fewer.
fast::Size parts(int threads) { return threads == 1 ? 1 : 8 * threads; }

void multiply_and_add(fast::Size begin, fast::Size end) {
  std::array<float, fast::kPeakVectors * kWidest> x{};
  for (; begin < end; ++begin) {
    fast::runnable_kernels().back()->fused_multiply_adds(kTimes, x.data());
  }
}

}  // namespace

void run_peak(int threads) {
  if (threads == 1) return multiply_and_add(0, parts(1));
  fast::parallel(parts(threads), 1, multiply_and_add);
}

double peak_flop(int threads) {
  const auto floats = fast::kPeakVectors * fast::runnable_kernels().back()->width;
  return 2.0 * static_cast<double>(floats * kTimes * parts(threads));
}

}  // namespace nt
