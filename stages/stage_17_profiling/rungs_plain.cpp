// The rungs in plain C++. What makes one faster than another is the order in which it visits
// memory, and how often.

#include <algorithm>

#include "rungs.hpp"

namespace nt::rung {
namespace {

/// c[n] += a_mk b[n] for one row of b and one of c.   b, c: (N)
void add_row(Size N, float a_mk, const float* b, float* c) {
  for (Size n = 0; n < N; ++n) c[n] += a_mk * b[n];
}

constexpr Size kBlock = 8;

/// c[n] += sum over k < 8 of a[k] b[k, n], in the order of k: c[n] is fetched and put back once.
///   a: (8), b: (8, N), c: (N)
void add_eight_rows(Size N, const float* a, const float* b, float* c) {
  for (Size n = 0; n < N; ++n) {
    float sum = c[n];
    for (Size k = 0; k < kBlock; ++k) sum += a[k] * b[k * N + n];
    c[n] = sum;
  }
}

}  // namespace

void naive(Size M, Size N, Size K, const float* a, const float* b, float* c) {
  for (Size m = 0; m < M; ++m) {
    for (Size n = 0; n < N; ++n) {
      float sum = 0;
      for (Size k = 0; k < K; ++k) sum += a[m * K + k] * b[k * N + n];
      c[m * N + n] = sum;
    }
  }
}

void reordered(Size M, Size N, Size K, const float* a, const float* b, float* c) {
  // exercise 17.3: zeros, then add_row for each number of a, row of a by row
  std::fill_n(c, M * N, 0.0F);
  for (Size m = 0; m < M; ++m) {
    for (Size k = 0; k < K; ++k) add_row(N, a[m * K + k], b + k * N, c + m * N);
  }
  // end exercise
}

void blocked(Size M, Size N, Size K, const float* a, const float* b, float* c) {
  std::fill_n(c, M * N, 0.0F);
  // exercise 17.4: for each block of 8 x 8 numbers of a, its rows in turn; what is left, singly
  for (Size m0 = 0; m0 < M; m0 += kBlock) {
    const Size end = std::min(m0 + kBlock, M);
    for (Size k = 0; k < K; k += kBlock) {
      const bool whole = k + kBlock <= K;
      for (Size m = m0; m < end; ++m) {
        if (whole) {
          add_eight_rows(N, a + m * K + k, b + k * N, c + m * N);
        } else {
          for (Size j = k; j < K; ++j) add_row(N, a[m * K + j], b + j * N, c + m * N);
        }
      }
    }
  }
  // end exercise
}

}  // namespace nt::rung
