#pragma once
// The kernels of the fast backend: functions upon plain memory, one set for each kind of processor.
// They know no shapes, no handles and no threads; what is split between threads is split before, so
// that a kernel always computes whole rows, and computes each in the same order whoever asks.

#include <cstdint>
#include <string_view>
#include <vector>

namespace nt::fast {

using Size = std::int64_t;

/// One operand of an elementwise kernel: a number for each place, or one for all.
struct Operand {
  const float* at;
  bool single;
};

/// c[m, n] = start[n] + sum over k of a[m, k] b[k, n], in the order of k.   M, N, K: any, also 0
struct Product {
  Size M, N, K;
  const float* a;
  Size a_row, a_column;  ///< a[m, k] is a[m a_row + k a_column]
  const float* b;
  Size b_row;  ///< b[k, n] is b[k b_row + n]
  float* c;
  Size c_row;          ///< c[m, n] is c[m c_row + n]
  const float* start;  ///< (N), or null: 0
};

/// Attention of one head: T tokens, D numbers each. Token t of q begins at q + t q_row, and so on.
struct Head {
  Size T, D;
  const float *q, *k, *v;
  Size q_row, k_row, v_row;
};

/// What of AdamW does not depend on the weight; see stage 12.
struct AdamWFactors {
  float beta1, rest1;  ///< beta1 and 1 - beta1
  float beta2, rest2;
  float known1, known2;  ///< 1 / (1 - beta1^t), 1 / (1 - beta2^t)
  float eps, decay, lr;
};

/// How many floats attention and its gradient need to work in.
inline Size attention_scratch(Size T, Size D) {
  const Size widest = (T + 15) / 16 * 16;
  return (2 * T + D) * widest;
}

/// The vectors that fused_multiply_adds computes with.
inline constexpr int kPeakVectors = 12;

struct Kernels {
  std::string_view processor;  ///< plain, avx2 or avx512
  int width;                   ///< floats in a vector
  Size product_rows;           ///< rows that multiply takes at a time

  // n places: y = f(x), c = f(a, b)
  using Unary = void (*)(Size n, const float* x, float* y);
  using Binary = void (*)(Size n, Operand a, Operand b, float* c);
  Unary exp, sqrt, erf, gelu;
  Binary add, subtract, multiply, divide;
  Binary gelu_gradient;  ///< of x and dy

  // R rows of C numbers: x, y, dy, dx: (R, C), without gaps
  void (*softmax)(Size R, Size C, const float* x, float* y);
  void (*softmax_gradient)(Size R, Size C, const float* y, const float* dy, float* dx);
  void (*layer_norm)(Size R, Size C, const float* x, const float* weight, const float* bias,
                     float* y);
  void (*layer_norm_gradient)(Size R, Size C, const float* x, const float* weight, const float* dy,
                              float* dx);
  /// dweight[c] = sum over r of dy[r, c] times the normalised x[r, c]
  void (*layer_norm_weight_gradient)(Size R, Size C, const float* x, const float* dy,
                                     float* dweight);
  void (*row_sums)(Size R, Size C, const float* x, float* y);  ///< y: (R)
  /// y[c] = sum over r of x[r x_row + c]
  void (*column_sums)(Size R, Size C, const float* x, Size x_row, float* y);

  void (*product)(const Product& product);

  /// x = x / 2 + 1 in every place, n times.   x: (kPeakVectors width)
  void (*fused_multiply_adds)(Size n, float* x);

  /// y = x^T.   x: (rows, columns), row r at x + r x_row -> y: (columns, width), 0 beyond the rows
  void (*transpose)(Size rows, Size columns, const float* x, Size x_row, float* y, Size width);

  /// y = softmax(q k^T / sqrt D) v;   token t of y begins at y + t y_row
  void (*attention)(const Head& head, float* y, Size y_row, float* scratch);
  /// dq, dk, dv given dy, with the rows of all four as far apart as y's
  void (*attention_gradient)(const Head& head, const float* dy, Size dy_row, float* dq, float* dk,
                             float* dv, Size row, float* scratch);

  /// One step of n weights: of w, g and the moments m, v to the new ones.
  void (*adamw)(Size n, const AdamWFactors& factors, const float* w, const float* g, const float* m,
                const float* v, float* new_w, float* new_m, float* new_v);
};

/// The sets that this build has, the plain one first, whatever this processor can do.
extern const Kernels kPlainKernels;
extern const Kernels kAvx2Kernels;
extern const Kernels kAvx512Kernels;

/// Those that this processor can run, the best one last.
std::vector<const Kernels*> runnable_kernels();

/// The set that the fast backend computes with: the best one, unless use_kernels has said
/// otherwise.
const Kernels& kernels();
void use_kernels(const Kernels& set);

}  // namespace nt::fast
