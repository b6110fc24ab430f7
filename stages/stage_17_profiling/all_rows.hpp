#pragma once
// All rows of the op table with their types. The table itself knows its rows only as OpRow: enough
// to ask a row's name, and too little to put a kernel into it.

#include "fused_rows.hpp"
#include "patch_rows.hpp"

namespace nt {

/// Calls visit(row) for every row. A check compares them with op_table(), so that a new one is not
/// forgotten here.
template <class Visit>
void for_each_row(const Visit& visit) {
  const auto each = [&](auto&... rows) { (visit(rows), ...); };
  each(op::array, op::add, op::subtract, op::multiply, op::divide);
  each(op::exp, op::log, op::sqrt, op::erf, op::tanh, op::power);
  each(op::greater, op::equal, op::where, op::pick);
  each(op::matmul, op::sum, op::mean, op::max, op::argmax);
  each(op::transpose, op::reshape, op::permute, op::slice, op::expand, op::pad);
  each(op::patch_embedding, op::patch_weight_gradient, op::patch_image_gradient);
  each(op::linear, op::gelu, op::gelu_gradient, op::softmax, op::softmax_gradient);
  each(op::layer_norm, op::layer_norm_gradient, op::layer_norm_weight_gradient);
  each(op::attention, op::attention_gradient, op::cross_entropy, op::cross_entropy_gradient);
  each(op::adamw);
}

}  // namespace nt
