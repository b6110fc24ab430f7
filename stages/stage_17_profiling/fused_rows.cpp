#include "fused_rows.hpp"

#include <fmt/format.h>

#include "attention.hpp"
#include "core/errors.hpp"
#include "cross_entropy.hpp"
#include "tape.hpp"

namespace nt {
namespace {

/// An operand by its name.
struct Named {
  std::string_view name;
  const Shape& shape;
};

/// Throws, unless it is so, `linear: sizes differ: x is (2, 3), weight is (4, 5), bias is (4)`.
void require(bool so, std::string_view op, std::initializer_list<Named> operands) {
  if (so) return;
  std::string text;
  for (const Named& operand : operands) {
    text += fmt::format("{}{} is {}", text.empty() ? "" : ", ", operand.name, operand.shape.text());
  }
  throw ShapeError(fmt::format("{}: sizes differ: {}", op, text));
}

/// The size of the last axis; -1 where there is none.
std::int64_t last(const Shape& shape) { return shape.rank() > 0 ? shape[shape.rank() - 1] : -1; }

Shape linear_rule(std::string_view op, Array& x, Array& weight, Array& bias) {
  const Shape& w = weight.shape();
  require(w.rank() == 2 && last(x.shape()) == w[1] && bias.shape() == Shape{w[0]}, op,
          {{"x", x.shape()}, {"weight", w}, {"bias", bias.shape()}});
  std::vector<std::int64_t> sizes = x.shape().sizes();
  sizes.back() = w[0];
  return Shape(sizes);
}

/// Two of one shape, the first one called so.
template <char kName>
Shape pair_rule(std::string_view op, Array& x, Array& dy) {
  const char name[] = {kName, '\0'};
  require(x.shape() == dy.shape(), op, {{name, x.shape()}, {"dy", dy.shape()}});
  return x.shape();
}

Shape softmax_rule(std::string_view op, Array& x) {
  if (last(x.shape()) > 0) return x.shape();
  throw ShapeError(
      fmt::format("{}: there are no numbers along a last axis: x is {}", op, x.shape().text()));
}

Shape norm_rule(std::string_view op, Array& x, Array& weight, Array& bias) {
  require(weight.shape() == Shape{last(x.shape())} && bias.shape() == weight.shape(), op,
          {{"x", x.shape()}, {"weight", weight.shape()}, {"bias", bias.shape()}});
  return x.shape();
}

Shape norm_gradient_rule(std::string_view op, Array& x, Array& weight, Array& dy) {
  require(weight.shape() == Shape{last(x.shape())} && dy.shape() == x.shape(), op,
          {{"x", x.shape()}, {"weight", weight.shape()}, {"dy", dy.shape()}});
  return x.shape();
}

Shape norm_weight_rule(std::string_view op, Array& x, Array& dy) {
  require(x.shape().rank() > 0 && dy.shape() == x.shape(), op,
          {{"x", x.shape()}, {"dy", dy.shape()}});
  return {last(x.shape())};
}

Shape attention_rule(std::string_view op, Array& q, Array& k, Array& v) {
  require(q.shape().rank() >= 2 && k.shape() == q.shape() && v.shape() == q.shape(), op,
          {{"q", q.shape()}, {"k", k.shape()}, {"v", v.shape()}});
  return q.shape();
}

/// Room for `n` of this shape, one behind the other.
Shape stack_of(std::int64_t n, const Shape& shape) {
  std::vector<std::int64_t> sizes = shape.sizes();
  sizes.insert(sizes.begin(), n);
  return Shape(sizes);
}

Shape attention_gradient_rule(std::string_view op, Array& q, Array& k, Array& v, Array& dy) {
  require(q.shape().rank() >= 2 && k.shape() == q.shape() && v.shape() == q.shape() &&
              dy.shape() == q.shape(),
          op, {{"q", q.shape()}, {"k", k.shape()}, {"v", v.shape()}, {"dy", dy.shape()}});
  return stack_of(3, q.shape());
}

Shape loss_gradient_rule(std::string_view op, Array& logits, Labels& labels) {
  shape_rule::pick(op, logits, labels);
  return logits.shape();
}

Shape loss_rule(std::string_view op, Array& logits, Labels& labels) {
  shape_rule::pick(op, logits, labels);
  return {};
}

Shape adamw_rule(std::string_view op, Array& weight, Array& gradient, Array& m, Array& v,
                 AdamWSettings& /*settings*/, std::int64_t& steps) {
  const Shape& w = weight.shape();
  require(gradient.shape() == w && m.shape() == w && v.shape() == w, op,
          {{"weight", w}, {"gradient", gradient.shape()}, {"m", m.shape()}, {"v", v.shape()}});
  if (steps < 1) throw Error(fmt::format("{}: steps should be 1 or more, found {}", op, steps));
  return stack_of(3, w);
}

// The fallbacks. What has a function upon Tensors already is that function, without a tape; its
// gradient is what the tape makes of it.

/// The gradient of f for each of its inputs, given that of its result.
std::vector<Array> by_tape(const std::function<Tensor(const std::vector<Tensor>&)>& f,
                           const std::vector<Array>& inputs, const Array& dy) {
  std::vector<Tensor> leaves;
  leaves.reserve(inputs.size());
  for (const Array& input : inputs) leaves.emplace_back(input, true);
  Tape tape;
  tape.backward(f(leaves), dy);
  std::vector<Array> gradients;
  gradients.reserve(leaves.size());
  for (const Tensor& leaf : leaves) gradients.push_back(leaf.grad());
  return gradients;
}

/// Arrays of one shape, one behind the other.   n of (...) -> (n, ...)
Array stacked(const std::vector<Array>& parts) {
  Array all;
  const std::int64_t n = std::ssize(parts);
  for (std::int64_t i = 0; i < n; ++i) {
    const Array& x = parts[static_cast<std::size_t>(i)];
    const Array padded = op::pad(op::reshape(x, stack_of(1, x.shape())), 0, i, n - 1 - i);
    all = all ? op::add(all, padded) : padded;
  }
  return all;
}

Array composed_linear(const Array& x, const Array& weight, const Array& bias) {
  return linear(Tensor(x), Tensor(weight), Tensor(bias)).data();
}

Array composed_gelu(const Array& x) { return gelu(Tensor(x)).data(); }

Array composed_gelu_gradient(const Array& x, const Array& dy) {
  return by_tape([](const auto& in) { return gelu(in[0]); }, {x}, dy)[0];
}

Array composed_softmax(const Array& x) { return softmax(Tensor(x)).data(); }

Array composed_softmax_gradient(const Array& y, const Array& dy) {
  const Array mean = op::sum(op::multiply(y, dy), {-1}, true);
  return op::multiply(y, op::subtract(dy, mean));
}

Array composed_layer_norm(const Array& x, const Array& weight, const Array& bias) {
  return layer_norm(Tensor(x), Tensor(weight), Tensor(bias)).data();
}

/// The gradients of x and of the weight; the bias changes neither.
std::vector<Array> norm_gradients(const Array& x, const Array& weight, const Array& dy) {
  const auto norm = [](const auto& in) { return layer_norm(in[0], in[1], in[1]); };
  const auto without_bias = [&](const auto& in) { return norm(in) - in[1]; };
  return by_tape(without_bias, {x, weight}, dy);
}

Array composed_layer_norm_gradient(const Array& x, const Array& weight, const Array& dy) {
  return norm_gradients(x, weight, dy)[0];
}

Array composed_layer_norm_weight_gradient(const Array& x, const Array& dy) {
  return norm_gradients(x, op::array(filled({last(x.shape())}, 1)), dy)[1];
}

Array composed_attention(const Array& q, const Array& k, const Array& v) {
  return attend(Tensor(q), Tensor(k), Tensor(v), {}).data();
}

Array composed_attention_gradient(const Array& q, const Array& k, const Array& v, const Array& dy) {
  return stacked(
      by_tape([](const auto& in) { return attend(in[0], in[1], in[2], {}); }, {q, k, v}, dy));
}

Array composed_cross_entropy(const Array& logits, const Labels& labels) {
  return cross_entropy(Tensor(logits), labels).data();
}

Array composed_cross_entropy_gradient(const Array& logits, const Labels& labels) {
  return by_tape([&](const auto& in) { return cross_entropy(in[0], labels); }, {logits},
                 op::number(1))[0];
}

Array composed_adamw_row(const Array& weight, const Array& gradient, const Array& m, const Array& v,
                         const AdamWSettings& settings, std::int64_t steps) {
  Moments moments{m, v, steps - 1};
  const Array moved = composed_adamw(settings, weight, gradient, moments);
  return stacked({moved, moments.m, moments.v});
}

}  // namespace

constexpr Plan kHere{.naive = 17};

op::Ternary op::linear{"linear", linear_rule, kHere, composed_linear};
op::Unary op::gelu{"gelu", shape_rule::same, kHere, composed_gelu};
op::Binary op::gelu_gradient{"gelu_gradient", pair_rule<'x'>, kHere, composed_gelu_gradient};
op::Unary op::softmax{"softmax", softmax_rule, kHere, composed_softmax};
op::Binary op::softmax_gradient{"softmax_gradient", pair_rule<'y'>, kHere,
                                composed_softmax_gradient};
op::Ternary op::layer_norm{"layer_norm", norm_rule, kHere, composed_layer_norm};
op::Ternary op::layer_norm_gradient{"layer_norm_gradient", norm_gradient_rule, kHere,
                                    composed_layer_norm_gradient};
op::Binary op::layer_norm_weight_gradient{"layer_norm_weight_gradient", norm_weight_rule, kHere,
                                          composed_layer_norm_weight_gradient};
op::Ternary op::attention{"attention", attention_rule, kHere, composed_attention};
Op<Array(const Array&, const Array&, const Array&, const Array&)> op::attention_gradient{
    "attention_gradient", attention_gradient_rule, kHere, composed_attention_gradient};
Op<Array(const Array&, const Labels&)> op::cross_entropy{"cross_entropy", loss_rule, kHere,
                                                         composed_cross_entropy};
Op<Array(const Array&, const Labels&)> op::cross_entropy_gradient{
    "cross_entropy_gradient", loss_gradient_rule, kHere, composed_cross_entropy_gradient};
Op<Array(const Array&, const Array&, const Array&, const Array&, const AdamWSettings&,
         std::int64_t)>
    op::adamw{"adamw", adamw_rule, kHere, composed_adamw_row};

Array part_of(const Array& x, std::int64_t i) {
  const Shape& shape = x.shape();
  return op::reshape(op::slice(x, 0, i, i + 1),
                     Shape(std::vector<std::int64_t>(shape.begin() + 1, shape.end())));
}

}  // namespace nt
