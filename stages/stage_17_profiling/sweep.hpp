#pragma once
// Going over n floats a V at a time. What is left at the end, fewer than a V holds, is the same
// code upon a part of a V: loads give 0 beyond the end, and stores write nothing there.

#include <cstdint>

#include "vec.hpp"

namespace nt::fast {

/// The places i .. i + kWidth - 1 of all arrays that a sweep goes over.
template <class V>
struct Whole {
  V load(const float* x) const { return V::load(x + i); }
  void store(float* y, V v) const { v.store(y + i); }
  /// v where there is a place, else `beyond`.
  V only(V v, V /*beyond*/) const { return v; }

  std::int64_t i;
};

/// The places i .. i + n - 1.
template <class V>
struct Part {
  V load(const float* x) const { return V::load(x + i, n); }
  void store(float* y, V v) const { v.store(y + i, n); }
  V only(V v, V beyond) const { return first(n, v, beyond); }

  std::int64_t i;
  int n;
};

/// f(places) for all n places, in order.
template <class V, class F>
void sweep(std::int64_t n, const F& f) {
  std::int64_t i = 0;
  for (; i + V::kWidth <= n; i += V::kWidth) f(Whole<V>{i});
  if (i < n) f(Part<V>{i, static_cast<int>(n - i)});
}

}  // namespace nt::fast
