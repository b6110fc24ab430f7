#pragma once
// All kernels for one type of vector. Included by the three files that are compiled for their
// processors, and by no other.

#include "attention_kernel.hpp"
#include "elementwise_kernels.hpp"
#include "peak_kernel.hpp"
#include "product_kernel.hpp"
#include "row_kernels.hpp"

namespace nt::fast {

template <class V>
constexpr Kernels kernel_set(std::string_view processor) {
  Kernels set{};
  set.processor = processor;
  set.width = V::kWidth;
  set.product_rows = Tile<V>::rows(Tile<V>::kVectors);
  set.exp = [](Size n, const float* x, float* y) { unary<V>(n, x, y, exp<V>); };
  set.sqrt = [](Size n, const float* x, float* y) {
    unary<V>(n, x, y, [](V v) { return sqrt(v); });
  };
  set.erf = [](Size n, const float* x, float* y) { unary<V>(n, x, y, erf<V>); };
  set.gelu = [](Size n, const float* x, float* y) { unary<V>(n, x, y, gelu<V>); };
  set.add = [](Size n, Operand a, Operand b, float* c) {
    binary<V>(n, a, b, c, [](V x, V y) { return x + y; });
  };
  set.subtract = [](Size n, Operand a, Operand b, float* c) {
    binary<V>(n, a, b, c, [](V x, V y) { return x - y; });
  };
  set.multiply = [](Size n, Operand a, Operand b, float* c) {
    binary<V>(n, a, b, c, [](V x, V y) { return x * y; });
  };
  set.divide = [](Size n, Operand a, Operand b, float* c) {
    binary<V>(n, a, b, c, [](V x, V y) { return x / y; });
  };
  set.gelu_gradient = [](Size n, Operand x, Operand dy, float* dx) {
    binary<V>(n, x, dy, dx, gelu_gradient<V>);
  };
  set.softmax = softmax<V>;
  set.softmax_gradient = softmax_gradient<V>;
  set.layer_norm = layer_norm<V>;
  set.layer_norm_gradient = layer_norm_gradient<V>;
  set.layer_norm_weight_gradient = layer_norm_weight_gradient<V>;
  set.row_sums = row_sums<V>;
  set.column_sums = column_sums<V>;
  set.product = product<V>;
  set.fused_multiply_adds = fused_multiply_adds<V>;
  set.transpose = transpose_into<V>;
  set.attention = attention<V>;
  set.attention_gradient = attention_gradient<V>;
  set.adamw = adamw<V>;
  return set;
}

}  // namespace nt::fast
