#pragma once
// The kernels of the naive backend, as far as stage 3 goes: element by element, and the product of
// two matrices. They read through strides, so that views need no copy.

#include "storage.hpp"
#include "walk.hpp"

namespace nt::naive {

/// c = f(a, b), element by element.   a: X, b: X -> X
template <class Function>
Storage elementwise(const Storage& a, const Storage& b, Function f) {
  // exercise 3.5: walk both operands by their strides, and fill the result row by row
  Storage c(a.shape());
  float* next = c.write();
  walk<2>(a.shape(), {a.strides(), b.strides()},
          [&](const auto& at) { *next++ = f(a.data()[at[0]], b.data()[at[1]]); });
  return c;
  // end exercise
}

/// y = f(x), element by element.   x: X -> X
template <class Function>
Storage elementwise(const Storage& x, Function f) {
  Storage y(x.shape());
  float* next = y.write();
  walk<1>(x.shape(), {x.strides()}, [&](const auto& at) { *next++ = f(x.data()[at[0]]); });
  return y;
}

/// c[m, n] += sum over k of a[m, k] b[k, n], all three row by row without gaps.
///   a: (M, K), b: (K, N) -> c: (M, N)
void add_product(const float* a, const float* b, float* c, std::int64_t M, std::int64_t K,
                 std::int64_t N);

/// c = a b.   a: (M, K), b: (K, N) -> (M, N)
Storage matmul(const Storage& a, const Storage& b);

}  // namespace nt::naive
