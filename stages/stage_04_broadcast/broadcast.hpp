#pragma once
// Elementwise operations on shapes that differ. Broadcasting is no loop of its own: both operands
// are expanded to their common shape, which costs nothing, and stage 3's loop does the rest.

#include "naive.hpp"
#include "shape_rules.hpp"
#include "views.hpp"

namespace nt::naive {

/// c = f(a, b), element by element.   a: A, b: B -> broadcast(A, B)
template <class Function>
Storage broadcast(const Storage& a, const Storage& b, Function f) {
  const Shape shape = shape_rule::broadcast_shapes("broadcast", a.shape(), b.shape(), "");
  return elementwise(expand(a, shape), expand(b, shape), f);
}

}  // namespace nt::naive
