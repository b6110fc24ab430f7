#pragma once
// Attention of one head, from its queries to what they hear, without leaving the fastest cache: the
// weights of one head are 12 kB, those of a whole batch would be megabytes that have to go to
// memory and back. The gradient computes them again, which is cheaper than to keep them. (Dao et
// al., "FlashAttention", arXiv:2205.14135, does the same where not even one head fits.)
//
// The weights lie key by key, (T, W), the queries side by side: so softmax, which goes over the
// keys of a query, adds whole vectors, and never the places of one. W is T filled up to whole
// vectors; what the places beyond T hold is a number, and is not read.

#include "product_kernel.hpp"
#include "vector_math.hpp"

namespace nt::fast {

/// T filled up to whole vectors.
template <class V>
Size filled_up(Size T) {
  return (T + V::kWidth - 1) / V::kWidth * V::kWidth;
}

/// y = x^T.   x: (rows, columns), row r at x + r x_row -> y: (columns, width), with 0 beyond the
/// rows
template <class V>
void transpose_into(Size rows, Size columns, const float* x, Size x_row, float* y, Size width) {
  for (Size c = 0; c < columns; ++c, y += width) {
    for (Size r = 0; r < rows; ++r) y[r] = x[r * x_row + c];
    for (Size r = rows; r < width; ++r) y[r] = 0;
  }
}

/// f(column) for the first of every kWidth columns.
template <class V, class F>
void for_columns(Size W, const F& f) {
  for (Size i = 0; i < W; i += V::kWidth) f(i);
}

/// weights[j, i] = softmax over j of scale (k_j . q_i).   weights: (T, W), turned: (D, W), for q^T
template <class V>
void head_weights(const Head& h, Size W, float scale, float* weights, float* turned) {
  transpose_into<V>(h.T, h.D, h.q, h.q_row, turned, W);
  product<V>({h.T, W, h.D, h.k, h.k_row, 1, turned, W, weights, W, nullptr});
  for_columns<V>(W, [=](Size i) {
    V most = V::load(weights + i);
    for (Size j = 1; j < h.T; ++j) most = larger(most, V::load(weights + j * W + i));
    V total = V::all(0);
    for (Size j = 0; j < h.T; ++j) {
      float* const at = weights + j * W + i;
      const V e = exp(V::all(scale) * (V::load(at) - most));
      e.store(at);
      total = total + e;
    }
    const V share = V::all(1) / total;
    for (Size j = 0; j < h.T; ++j) {
      float* const at = weights + j * W + i;
      (V::load(at) * share).store(at);
    }
  });
}

template <class V>
void attention(const Head& h, float* y, Size y_row, float* scratch) {
  const Size W = filled_up<V>(h.T);
  float* const weights = scratch;
  float* const turned = weights + h.T * W;
  head_weights<V>(h, W, 1 / __builtin_sqrtf(static_cast<float>(h.D)), weights, turned);
  product<V>({h.T, h.D, h.T, weights, 1, W, h.v, h.v_row, y, y_row, nullptr});
}

/// With w the weights:   dv = w^T dy,   dw = dy v^T,   ds = scale w (dw - sum over the keys of w
/// dw),
///   dq = ds k,   dk = ds^T q
template <class V>
void attention_gradient(const Head& h, const float* dy, Size dy_row, float* dq, float* dk,
                        float* dv, Size row, float* scratch) {
  const Size W = filled_up<V>(h.T);
  const float scale = 1 / __builtin_sqrtf(static_cast<float>(h.D));
  float* const weights = scratch;
  float* const dweights = weights + h.T * W;
  float* const turned = dweights + h.T * W;
  // exercise 17.8: the weights once more; then the formulas, from dy back to q and k
  head_weights<V>(h, W, scale, weights, turned);
  product<V>({h.T, h.D, h.T, weights, W, 1, dy, dy_row, dv, row, nullptr});
  transpose_into<V>(h.T, h.D, dy, dy_row, turned, W);
  product<V>({h.T, W, h.D, h.v, h.v_row, 1, turned, W, dweights, W, nullptr});
  for_columns<V>(W, [=](Size i) {
    V mean = V::all(0);
    for (Size j = 0; j < h.T; ++j) {
      mean = fma(V::load(weights + j * W + i), V::load(dweights + j * W + i), mean);
    }
    for (Size j = 0; j < h.T; ++j) {
      float* const at = dweights + j * W + i;
      const V share = V::all(scale) * V::load(weights + j * W + i);
      (share * (V::load(at) - mean)).store(at);
    }
  });
  product<V>({h.T, h.D, h.T, dweights, 1, W, h.k, h.k_row, dq, row, nullptr});
  product<V>({h.T, h.D, h.T, dweights, W, 1, h.q, h.q_row, dk, row, nullptr});
  // end exercise
}

}  // namespace nt::fast
