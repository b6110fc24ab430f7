#include "op_cost.hpp"

#include <fmt/format.h>

#include <unordered_map>

#include "core/errors.hpp"

namespace nt {
namespace {

using Operands = std::vector<Shape>;
using Flop = double (*)(const Operands& in, const Shape& out);

double count(const Shape& shape) { return static_cast<double>(shape.count()); }

/// The size of an axis, which may be counted from the end.
double size(const Shape& shape, int axis) {
  return static_cast<double>(shape[axis < 0 ? shape.rank() + axis : axis]);
}

/// So many operations for each number of the result.
template <int kEach>
double of_result(const Operands& /*in*/, const Shape& out) {
  return kEach * count(out);
}

/// So many operations for each number of the first operand.
template <int kEach>
double of_operand(const Operands& in, const Shape& /*out*/) {
  return kEach * count(in[0]);
}

double mean_flop(const Operands& in, const Shape& out) { return count(in[0]) + count(out); }

/// matmul: a (..., M, K), b;   linear: x (..., M, K), weight, bias -> (..., M, N)
double product_flop(const Operands& in, const Shape& out) {
  // exercise 17.2: K products and their sum for each number of the result, and linear's bias
  const double K = size(in[0], -1);
  const double with_bias = in.size() == 3 ? 1 : 0;
  return (2 * K + with_bias) * count(out);
  // end exercise
}

/// For heads of q: (..., T, D), what each does: `products` of T^2 D multiplications and additions,
/// and `each` operations for each of the T^2 weights.
double heads_flop(const Shape& q, double products, double each) {
  const double T = size(q, -2);
  const double D = size(q, -1);
  const double heads = T * D > 0 ? count(q) / (T * D) : 0;
  return heads * T * T * (2 * products * D + each);
}

/// q k^T and the product with v; the scale, and softmax.
double attention_flop(const Operands& in, const Shape& /*out*/) {
  return heads_flop(in[0], 2, 1 + 5);
}

/// q k^T again, then dv, the weights' gradient, dq and dk; the scale twice, softmax, its gradient.
double attention_gradient_flop(const Operands& in, const Shape& /*out*/) {
  return heads_flop(in[0], 5, 2 + 5 + 4);
}

/// images, weight: (C, 1, P, P), bias -> (B, T, C)
double patch_flop(const Operands& in, const Shape& out) {
  const double P = size(in[1], -1);
  return (2 * P * P + 1) * count(out);
}

/// images, dy -> (C, 1, P, P)
double patch_weight_flop(const Operands& in, const Shape& out) {
  const double P = size(out, -1);
  return 2 * P * P * count(in[1]);
}

/// dy, weight: (C, 1, P, P) -> images
double patch_image_flop(const Operands& in, const Shape& /*out*/) {
  const double P = size(in[1], -1);
  return 2 * P * P * count(in[0]);
}

struct Formula {
  Flop flop;
  bool is_view = false;
};

constexpr Formula kView{of_result<0>, true};

const std::unordered_map<std::string_view, Formula>& formulas() {
  static const std::unordered_map<std::string_view, Formula> all{
      {"array", {of_result<0>}},
      {"pad", {of_result<0>}},
      {"where", {of_result<0>}},
      {"pick", {of_result<0>}},
      {"reshape", kView},
      {"permute", kView},
      {"transpose", kView},
      {"slice", kView},
      {"expand", kView},
      {"add", {of_result<1>}},
      {"subtract", {of_result<1>}},
      {"multiply", {of_result<1>}},
      {"divide", {of_result<1>}},
      {"greater", {of_result<1>}},
      {"equal", {of_result<1>}},
      {"exp", {of_result<1>}},
      {"log", {of_result<1>}},
      {"sqrt", {of_result<1>}},
      {"erf", {of_result<1>}},
      {"tanh", {of_result<1>}},
      {"power", {of_result<1>}},
      {"sum", {of_operand<1>}},
      {"max", {of_operand<1>}},
      {"argmax", {of_operand<1>}},
      {"mean", {mean_flop}},
      {"matmul", {product_flop}},
      {"linear", {product_flop}},
      {"gelu", {of_result<5>}},
      {"gelu_gradient", {of_result<11>}},
      {"softmax", {of_result<5>}},
      {"softmax_gradient", {of_result<4>}},
      {"layer_norm", {of_result<7>}},
      {"layer_norm_gradient", {of_result<13>}},
      {"layer_norm_weight_gradient", {of_operand<7>}},
      {"attention", {attention_flop}},
      {"attention_gradient", {attention_gradient_flop}},
      {"cross_entropy", {of_operand<4>}},
      {"cross_entropy_gradient", {of_operand<6>}},
      {"adamw", {of_operand<16>}},
      {"patch_embedding", {patch_flop}},
      {"patch_weight_gradient", {patch_weight_flop}},
      {"patch_image_gradient", {patch_image_flop}},
  };
  return all;
}

}  // namespace

Cost op_cost(std::string_view row, const std::vector<Shape>& operands, const Shape& result) {
  const auto found = formulas().find(row);
  if (found == formulas().end()) throw Error(fmt::format("op_cost: no formula for '{}'", row));
  const auto& [flop, is_view] = found->second;
  if (is_view) return {};
  double numbers = count(result);
  for (const Shape& operand : operands) numbers += count(operand);
  return {flop(operands, result), 4 * numbers};
}

}  // namespace nt
