// The rungs upon the kernel of the fast backend, which keeps a tile of c in registers: called on
// the matrices as they lie, on a packed b, and by several threads.

#include <algorithm>

#include "buffers.hpp"
#include "parallel.hpp"
#include "rungs.hpp"

namespace nt::rung {
namespace {

/// Rows of c that are computed before the next panel: so much of a stays in the second cache, for
/// all panels. A multiple of the rows of every tile.
constexpr Size kRows = 96;

/// b, panel after panel.   panels: (K N)
void pack_panels(Size K, Size N, const float* b, Size begin, Size end, float* panels) {
  for (Size n = begin * kPanel; n < std::min(end * kPanel, N); n += kPanel) {
    pack_panel(K, N, b, n, std::min(kPanel, N - n), panels + n * K);
  }
}

Size panels_of(Size N) { return (N + kPanel - 1) / kPanel; }

/// Rows `begin` to `end` of c, from the panels.
void multiply_rows(Size N, Size K, const float* a, const float* panels, float* c, Size begin,
                   Size end) {
  for (Size m = begin; m < end; m += kRows) {
    for (Size n = 0; n < N; n += kPanel) {
      const Size columns = std::min(kPanel, N - n);
      fast::kernels().product({std::min(kRows, end - m), columns, K, a + m * K, K, 1,
                               panels + n * K, columns, c + m * N + n, N, nullptr});
    }
  }
}

}  // namespace

void tiled(Size M, Size N, Size K, const float* a, const float* b, float* c) {
  fast::kernels().product({M, N, K, a, K, 1, b, N, c, N, nullptr});
}

void pack_panel(Size K, Size N, const float* b, Size n, Size columns, float* panel) {
  // exercise 17.5: each row's part behind the part of the row before
  for (Size k = 0; k < K; ++k) {
    const float* const row = b + k * N + n;
    std::copy_n(row, columns, panel + k * columns);
  }
  // end exercise
}

void packed(Size M, Size N, Size K, const float* a, const float* b, float* c) {
  const auto panels = fast::take_buffer(K * N);
  pack_panels(K, N, b, 0, panels_of(N), panels.get());
  multiply_rows(N, K, a, panels.get(), c, 0, M);
}

void threaded(Size M, Size N, Size K, const float* a, const float* b, float* c) {
  const auto panels = fast::take_buffer(K * N);
  fast::parallel(panels_of(N), 1,
                 [&](Size begin, Size end) { pack_panels(K, N, b, begin, end, panels.get()); });
  fast::parallel(
      M, kRows, [&](Size begin, Size end) { multiply_rows(N, K, a, panels.get(), c, begin, end); });
}

}  // namespace nt::rung
