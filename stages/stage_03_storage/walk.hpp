#pragma once
// The one loop behind every kernel that looks at elements: it visits all positions of a shape, row
// by row, and keeps for each of several arrays how far from its first element that position lies.

#include <array>
#include <cstdint>

#include "core/shape.hpp"

namespace nt {

/// How far from their first elements N arrays are read.
template <std::size_t N>
using Distances = std::array<std::int64_t, N>;

/// The part of the walk from `axis` on, with the earlier axes' steps already taken in `at`.
template <std::size_t N, class Visit>
void walk_from(int axis, const Shape& shape, const std::array<Index, N>& strides, Distances<N> at,
               const Visit& visit) {
  // exercise 3.4: past the last axis visit; else one inner walk for every step along this axis
  if (axis == shape.rank()) return visit(at);
  for (std::int64_t i = 0; i < shape[axis]; ++i) {
    walk_from<N>(axis + 1, shape, strides, at, visit);
    for (std::size_t n = 0; n < N; ++n) at[n] += strides[n][static_cast<std::size_t>(axis)];
  }
  // end exercise
}

/// Calls visit(at) for every position of `shape`, the last axis fastest; at[n] is the distance for
/// the array whose strides are strides[n]. A stride of 0 stays on the same element.
template <std::size_t N, class Visit>
void walk(const Shape& shape, const std::array<Index, N>& strides, const Visit& visit) {
  walk_from<N>(0, shape, strides, Distances<N>{}, visit);
}

}  // namespace nt
