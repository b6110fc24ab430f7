#pragma once
// Kernels upon rows whose numbers belong together: each row is read from memory once, and then
// again from the fastest cache, as often as its formula needs.

#include "kernels.hpp"
#include "sweep.hpp"
#include "vector_math.hpp"

namespace nt::fast {

/// The sum of f(places) over C places.
template <class V, class F>
float total(Size C, const F& f) {
  V sums = V::all(0);
  sweep<V>(C, [&](auto places) { sums = sums + places.only(f(places), V::all(0)); });
  return sum(sums);
}

template <class V>
void row_sums(Size R, Size C, const float* x, float* y) {
  for (Size r = 0; r < R; ++r, x += C) {
    y[r] = total<V>(C, [&](auto places) { return places.load(x); });
  }
}

/// y[c] = sum over r of x[r x_row + c]
template <class V>
void column_sums(Size R, Size C, const float* x, Size x_row, float* y) {
  sweep<V>(C, [&](auto places) {
    V sums = V::all(0);
    for (Size r = 0; r < R; ++r) sums = sums + places.load(x + r * x_row);
    places.store(y, sums);
  });
}

/// The largest of x, unless one is NaN: then any.   x: (C), C at least 1
template <class V>
float largest_of(Size C, const float* x) {
  V most = V::all(x[0]);
  sweep<V>(C, [&](auto places) { most = larger(most, places.only(places.load(x), V::all(x[0]))); });
  return largest(most);
}

/// y = softmax(x): the largest subtracted first, lest exp overflow.   x, y: (C)
template <class V>
void softmax_row(Size C, const float* x, float* y) {
  const V most = V::all(largest_of<V>(C, x));
  V sums = V::all(0);
  sweep<V>(C, [&](auto places) {
    const V e = exp(places.load(x) - most);
    sums = sums + places.only(e, V::all(0));
    places.store(y, e);
  });
  const V share = V::all(1 / sum(sums));
  sweep<V>(C, [&](auto places) { places.store(y, places.load(y) * share); });
}

/// dx = y (dy - sum over the row of y dy)
template <class V>
void softmax_gradient_row(Size C, const float* y, const float* dy, float* dx) {
  const V mean = V::all(total<V>(C, [&](auto places) { return places.load(y) * places.load(dy); }));
  sweep<V>(C, [&](auto places) { places.store(dx, places.load(y) * (places.load(dy) - mean)); });
}

template <class V>
void softmax(Size R, Size C, const float* x, float* y) {
  for (Size r = 0; r < R; ++r) softmax_row<V>(C, x + r * C, y + r * C);
}

template <class V>
void softmax_gradient(Size R, Size C, const float* y, const float* dy, float* dx) {
  for (Size r = 0; r < R; ++r) {
    softmax_gradient_row<V>(C, y + r * C, dy + r * C, dx + r * C);
  }
}

/// How far a row lies from 0, and how widely it spreads.
struct Spread {
  float mean;
  float scale;  ///< 1 / sqrt(variance + 1e-5)
};

template <class V>
Spread spread_of(Size C, const float* x) {
  const auto count = static_cast<float>(C);
  const float mean = total<V>(C, [&](auto places) { return places.load(x); }) / count;
  const float squares = total<V>(C, [&](auto places) {
    const V centred = places.load(x) - V::all(mean);
    return centred * centred;
  });
  return {mean, 1 / __builtin_sqrtf(squares / count + 1e-5F)};
}

/// x at these places with mean 0 and variance 1.
template <class V, class Places>
V normalised(Places places, const float* x, Spread spread) {
  return (places.load(x) - V::all(spread.mean)) * V::all(spread.scale);
}

template <class V>
void layer_norm(Size R, Size C, const float* x, const float* weight, const float* bias, float* y) {
  for (Size r = 0; r < R; ++r, x += C, y += C) {
    const Spread spread = spread_of<V>(C, x);
    sweep<V>(C, [&](auto places) {
      const V n = normalised<V>(places, x, spread);
      places.store(y, fma(n, places.load(weight), places.load(bias)));
    });
  }
}

/// With n the normalised x and g = dy weight:   dx = (g - mean of g - n mean of g n) scale
template <class V>
void layer_norm_gradient(Size R, Size C, const float* x, const float* weight, const float* dy,
                         float* dx) {
  const auto count = static_cast<float>(C);
  for (Size r = 0; r < R; ++r, x += C, dy += C, dx += C) {
    const Spread spread = spread_of<V>(C, x);
    // exercise 17.7: the mean of g and that of g n over the row, then dx
    const auto g = [&](auto places) { return places.load(dy) * places.load(weight); };
    const auto n = [&](auto places) { return normalised<V>(places, x, spread); };
    const V mean = V::all(total<V>(C, g) / count);
    const V slope = V::all(total<V>(C, [&](auto at) { return g(at) * n(at); }) / count);
    sweep<V>(C, [&](auto places) {
      const V centred = g(places) - mean - n(places) * slope;
      places.store(dx, centred * V::all(spread.scale));
    });
    // end exercise
  }
}

template <class V>
void layer_norm_weight_gradient(Size R, Size C, const float* x, const float* dy, float* dweight) {
  for (Size c = 0; c < C; ++c) dweight[c] = 0;
  for (Size r = 0; r < R; ++r, x += C, dy += C) {
    const Spread spread = spread_of<V>(C, x);
    sweep<V>(C, [&](auto places) {
      const V n = normalised<V>(places, x, spread);
      places.store(dweight, fma(places.load(dy), n, places.load(dweight)));
    });
  }
}

}  // namespace nt::fast
