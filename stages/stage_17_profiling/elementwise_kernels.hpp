#pragma once
// Element by element: memory is read once and written once, so there is nothing to win but vectors.

#include "kernels.hpp"
#include "sweep.hpp"
#include "vector_math.hpp"

namespace nt::fast {

/// y = f(x)
template <class V, class F>
void unary(Size n, const float* x, float* y, F f) {
  sweep<V>(n, [&](auto places) { places.store(y, f(places.load(x))); });
}

/// c = f(a, b); an operand that is single stays in a register.
template <class V, class F>
void binary(Size n, Operand a, Operand b, float* c, F f) {
  const V first = V::all(*a.at);
  const V second = V::all(*b.at);
  if (a.single && b.single) {
    sweep<V>(n, [&](auto places) { places.store(c, f(first, second)); });
  } else if (a.single) {
    sweep<V>(n, [&](auto places) { places.store(c, f(first, places.load(b.at))); });
  } else if (b.single) {
    sweep<V>(n, [&](auto places) { places.store(c, f(places.load(a.at), second)); });
  } else {
    sweep<V>(n, [&](auto places) { places.store(c, f(places.load(a.at), places.load(b.at))); });
  }
}

/// x P(x)
template <class V>
[[gnu::always_inline]] inline V gelu(V x) {
  return x * normal_below(x);
}

/// dy (P(x) + x p(x))
template <class V>
[[gnu::always_inline]] inline V gelu_gradient(V x, V dy) {
  return dy * fma(x, normal_density(x), normal_below(x));
}

/// One step of AdamW, as stage 12 writes it.
template <class V>
void adamw(Size n, const AdamWFactors& f, const float* w, const float* g, const float* m,
           const float* v, float* new_w, float* new_m, float* new_v) {
  sweep<V>(n, [&](auto places) {
    const V weight = places.load(w);
    const V gradient = places.load(g);
    const V mean = fma(V::all(f.beta1), places.load(m), V::all(f.rest1) * gradient);
    const V square = fma(V::all(f.beta2), places.load(v), V::all(f.rest2) * gradient * gradient);
    const V usual = sqrt(square * V::all(f.known2)) + V::all(f.eps);
    const V direction = mean * V::all(f.known1) / usual;
    const V step = fma(V::all(f.decay), weight, direction);
    places.store(new_w, weight - V::all(f.lr) * step);
    places.store(new_m, mean);
    places.store(new_v, square);
  });
}

}  // namespace nt::fast
