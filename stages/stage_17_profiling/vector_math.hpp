#pragma once
// exp and erf of a whole V at once, from additions, multiplications and one scaling by a power of
// two. The polynomials are best approximations by Remez's exchange (1934), computed with 50 digits
// and rounded to float32; how far the functions stray from the true ones is measured by the program
// and by the checks.

#include "vec.hpp"

// Inlined wherever they are used: a loop then keeps their constants in registers, and begins with
// the next V before the last one is done.

namespace nt::fast {

/// c[0] + c[1] x + ... + c[N-1] x^(N-1), by Horner's rule.
template <class V, int N>
V polynomial(const float (&c)[N], V x) {
  V y = V::all(c[N - 1]);
  for (int i = N - 2; i >= 0; --i) y = fma(y, x, V::all(c[i]));
  return y;
}

/// e^x = 2^n e^r with n whole and |r| <= ln(2) / 2, within 2 units in the last place; 0 below -104,
/// infinity above 88.73, and NaN for NaN.
template <class V>
[[gnu::always_inline]] inline V exp(V x) {
  // exercise 17.6: n, r in two steps (ln 2 has a short part, so that the product is exact), e^r
  constexpr float kSeries[] = {0.4999999345F, 0.1666652069F, 0.04166838744F, 0.008368709862F,
                               0.00138146088F};  // (e^r - 1 - r) / r^2, off by 3e-9
  x = where_less(x, V::all(-104), V::all(-104), x);
  x = where_less(V::all(89), x, V::all(89), x);
  const V n = nearest(x * V::all(1.44269504F));
  const V near = fma(n, V::all(-0.693359375F), x);
  const V r = fma(n, V::all(2.12194440e-4F), near);
  const V y = fma(r * r, polynomial(kSeries, r), r) + V::all(1);
  return power_of_two(y, n);
  // end exercise
}

/// erf(x) = 2 / sqrt(pi) times the integral of e^(-t^2) from 0 to x, within 1e-7: x + x P(x^2) up
/// to 1, and beyond, where it is nearly 1, 1 - e^Q(x). NaN for NaN.
template <class V>
[[gnu::always_inline]] inline V erf(V x) {
  constexpr float kNear[] = {0.128379166F,    -0.3761262714F,    0.1128360018F,  -0.02685444456F,
                             0.005189535278F, -0.0008020840714F, 7.889117579e-5F};
  constexpr float kFar[] = {0.0001880265095F, -1.129578361F,   -0.6332200152F,
                            -0.1084184482F,   0.02520817634F,  -0.004204532405F,
                            0.0004413304916F, -2.168635605e-5F};  // log(1 - erf(x)) from 1 to 4
  const V size = abs(x);
  const V bounded = where_less(V::all(4), size, V::all(4), size);  // erf(4) is 1 in float32
  const V near = fma(bounded, polynomial(kNear, bounded * bounded), bounded);
  const V far = V::all(1) - exp(polynomial(kFar, bounded));
  return with_sign_of(where_less(bounded, V::all(1), near, far), x);
}

/// P(x) = (1 + erf(x / sqrt 2)) / 2: how probably a normal number lies below x.
template <class V>
[[gnu::always_inline]] inline V normal_below(V x) {
  return fma(erf(x * V::all(0.707106781F)), V::all(0.5F), V::all(0.5F));
}

/// p(x) = e^(-x^2 / 2) / sqrt(2 pi) = dP/dx.
template <class V>
[[gnu::always_inline]] inline V normal_density(V x) {
  return exp(x * x * V::all(-0.5F)) * V::all(0.39894228F);
}

}  // namespace nt::fast
