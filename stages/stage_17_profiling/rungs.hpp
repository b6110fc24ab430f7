#pragma once
// The product of two matrices, six times: from the formula as it is written down to the limit of
// the machine. Every rung changes one thing of the one before.
//
//   rung       changes                                                        GFLOP/s
//   naive      the formula as it stands: m, n, k                                    2
//   reordered  m, k, n: the inner loop runs along rows                             16
//   blocked    8 x 8 numbers of a at a time: c is fetched an eighth as             31
//              often, and 8 rows of b stay in the cache
//   tiled      vector instructions; a tile of c stays in registers                133
//   packed     b copied first, in the order in which it is read                   162
//   threaded   the rows of c shared between two processors                        262
//
// Tiles and packing follow Goto and van de Geijn, "Anatomy of High-Performance Matrix
// Multiplication", ACM Transactions on Mathematical Software 34 (2008).
//
// Measured with 512 x 512 x 512 and AVX-512, where one processor's limit was 188. The first three
// are plain C++, compiled with the project's flags: for any x86-64, four floats to an instruction
// at most. The others are compiled for their processors; see kernels.hpp.
//
//   c = a b:   c[m, n] = sum over k of a[m, k] b[k, n]
//   a: (M, K), b: (K, N) -> c: (M, N), row by row without gaps; M, N, K: any, also 0
//
// c is written without being read first. The sum is in the order of k on every rung: the first
// three give the same bits, and so do the last three, which round a product and its sum once where
// the processor can.

#include "kernels.hpp"

namespace nt::rung {

using fast::Size;

void naive(Size M, Size N, Size K, const float* a, const float* b, float* c);
void reordered(Size M, Size N, Size K, const float* a, const float* b, float* c);
void blocked(Size M, Size N, Size K, const float* a, const float* b, float* c);

// With the chosen kernels; the last one on all threads (parallel.hpp).
void tiled(Size M, Size N, Size K, const float* a, const float* b, float* c);
void packed(Size M, Size N, Size K, const float* a, const float* b, float* c);
void threaded(Size M, Size N, Size K, const float* a, const float* b, float* c);

/// The columns of a panel: those of the widest tile of any processor.
inline constexpr Size kPanel = 64;

/// A panel of b, in the order in which a tile reads it: columns n .. n + columns - 1, row by row
/// without gaps.   b: (K, N) -> panel: (K, columns);  n + columns <= N
void pack_panel(Size K, Size N, const float* b, Size n, Size columns, float* panel);

}  // namespace nt::rung
