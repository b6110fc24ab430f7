#pragma once
// The most that a processor can multiply and add: nothing but that, on numbers that never leave the
// registers. A sum needs its value of the round before, which is ready some 4 cycles later, and a
// processor begins at most 2 each cycle; 12 sums that do not depend on each other keep it busy.

#include "kernels.hpp"
#include "vec.hpp"

namespace nt::fast {

template <class V>
void fused_multiply_adds(Size n, float* x) {
  const V half = V::all(0.5F);
  const V one = V::all(1);
  V sums[kPeakVectors];
  for (int i = 0; i < kPeakVectors; ++i) sums[i] = V::load(x + i * V::kWidth);
  for (Size round = 0; round < n; ++round) {
    for (V& sum : sums) sum = fma(sum, half, one);
  }
  for (int i = 0; i < kPeakVectors; ++i) sums[i].store(x + i * V::kWidth);
}

}  // namespace nt::fast
