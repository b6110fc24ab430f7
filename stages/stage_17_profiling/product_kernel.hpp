#pragma once
// The product of two matrices, a tile at a time. A tile of the result, R rows of C vectors, stays
// in registers while k runs: every step loads C vectors of b and one number of each of R rows of a,
// and makes R C products of them, so that the processor multiplies more often than it loads.
//
// Each number of the result is one sum in the order of k, whatever tile it lies in: where a tile
// ends, and which thread computes it, cannot be seen in the bits.

#include "kernels.hpp"
#include "vec.hpp"

namespace nt::fast {

/// How many k are done for all tiles before the next: so many rows of b stay in the fastest cache.
inline constexpr Size kProductDepth = 256;

/// The vectors and rows of a tile: R C sums, C vectors of b and one of a fill the registers.
template <class V>
struct Tile {
  static constexpr int kVectors = V::kRegisters == 32 ? 4 : 2;
  static constexpr int rows(int vectors) {
    const int fit = (V::kRegisters - 1 - vectors) / vectors;
    return fit < 12 ? fit : 12;
  }
};

#define NT_WRITTEN_OUT __attribute__((always_inline))

/// f(0), ..., f(N - 1), written out before anything else is compiled: so an array whose places are
/// named like this stays in registers. In loops, GCC 12 keeps it in memory before and after the one
/// over k, and loads and stores every sum three times.
template <int N, class F>
NT_WRITTEN_OUT inline void each(F f) {
  if constexpr (N > 0) {
    each<N - 1>(f);
    f(N - 1);
  }
}

/// The tile of R rows and C vectors at c, the last vector of `last` places; from k = 0 on where
/// `first`, else added to what is there.
template <class V, int R, int C, bool kPartly>
void multiply_tile(const Product& p, const float* a, const float* b, float* c, const float* start,
                   Size K, bool first, int last) {
  const auto load = [last](const float* row, int j) {
    const float* at = row + j * V::kWidth;
    return kPartly && j == C - 1 ? V::load(at, last) : V::load(at);
  };
  V sums[R][C];
  each<R>([&](int r) NT_WRITTEN_OUT {
    each<C>([&](int j) NT_WRITTEN_OUT {
      sums[r][j] = !first ? load(c + r * p.c_row, j) : start ? load(start, j) : V::all(0);
    });
  });
  for (Size k = 0; k < K; ++k) {
    V row[C];
    each<C>([&](int j) NT_WRITTEN_OUT { row[j] = load(b + k * p.b_row, j); });
    each<R>([&](int r) NT_WRITTEN_OUT {
      const V factor = V::all(a[r * p.a_row + k * p.a_column]);
      each<C>([&](int j) NT_WRITTEN_OUT { sums[r][j] = fma(factor, row[j], sums[r][j]); });
    });
  }
  each<R>([&](int r) NT_WRITTEN_OUT {
    each<C>([&](int j) NT_WRITTEN_OUT {
      float* const at = c + r * p.c_row + j * V::kWidth;
      if (kPartly && j == C - 1) {
        sums[r][j].store(at, last);
      } else {
        sums[r][j].store(at);
      }
    });
  });
}

/// The tile of `rows` rows, of at most R.
template <class V, int R, int C, bool kPartly>
void multiply_rows(Size rows, const Product& p, const float* a, const float* b, float* c,
                   const float* start, Size K, bool first, int last) {
  if constexpr (R > 0) {
    if (rows == R) return multiply_tile<V, R, C, kPartly>(p, a, b, c, start, K, first, last);
    multiply_rows<V, R - 1, C, kPartly>(rows, p, a, b, c, start, K, first, last);
  }
}

/// All rows of C vectors from column n on.
template <class V, int C>
void multiply_columns(const Product& p, Size n, Size k) {
  constexpr int kRows = Tile<V>::rows(C);
  const Size K = p.K - k < kProductDepth ? p.K - k : kProductDepth;
  const auto places = static_cast<int>(p.N - n < C * V::kWidth ? p.N - n : C * V::kWidth);
  const int last = places - (C - 1) * V::kWidth;
  const float* start = p.start ? p.start + n : nullptr;
  for (Size m = 0; m < p.M; m += kRows) {
    const Size rows = p.M - m < kRows ? p.M - m : kRows;
    const float* a = p.a + m * p.a_row + k * p.a_column;
    const float* b = p.b + k * p.b_row + n;
    float* c = p.c + m * p.c_row + n;
    if (last == V::kWidth) {
      multiply_rows<V, kRows, C, false>(rows, p, a, b, c, start, K, k == 0, last);
    } else {
      multiply_rows<V, kRows, C, true>(rows, p, a, b, c, start, K, k == 0, last);
    }
  }
}

/// C vectors if as many are left, else fewer.
template <class V, int C>
void multiply_panel(const Product& p, Size n, Size k) {
  if constexpr (C > 1) {
    if (p.N - n <= (C - 1) * V::kWidth) return multiply_panel<V, C - 1>(p, n, k);
  }
  multiply_columns<V, C>(p, n, k);
}

template <class V>
void product(const Product& p) {
  constexpr int kVectors = Tile<V>::kVectors;
  Size k = 0;
  do {  // once even for K = 0, for the start
    for (Size n = 0; n < p.N; n += kVectors * V::kWidth) multiply_panel<V, kVectors>(p, n, k);
    k += kProductDepth;
  } while (k < p.K);
}

// Compiled in product_plain.cpp, product_avx2.cpp and product_avx512.cpp, and not again wherever it
// is called: its tiles take longer to compile than all other kernels together.
extern template void product<Vec1>(const Product& p);
#if defined(__AVX2__)
extern template void product<Vec8>(const Product& p);
#endif
#if defined(__AVX512F__)
extern template void product<Vec16>(const Product& p);
#endif

}  // namespace nt::fast
