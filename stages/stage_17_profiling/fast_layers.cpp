#include "fast_layers.hpp"

#include <memory>

#include "attention.hpp"
#include "cross_entropy.hpp"
#include "fast_array.hpp"
#include "fused_rows.hpp"
#include "tape.hpp"

namespace nt {
namespace {

/// All rows of a stack as one matrix.   x: (..., C) -> (R, C)
Array rows_of(const Array& x) {
  const std::int64_t C = x.shape()[x.shape().rank() - 1];
  return op::reshape(x, {C == 0 ? 0 : x.shape().count() / C, C});
}

Tensor fused_linear(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  const Array& in = x.data();
  const Array& w = weight.data();
  const Array y = op::linear(in, w, bias.data());
  const auto dx = [w, shape = in.shape()](const Array& dy) {
    return op::reshape(op::matmul(rows_of(dy), w), shape);  // dy W
  };
  const auto dw = [in](const Array& dy) {
    return op::matmul(op::transpose(rows_of(dy), 0, 1), rows_of(in));  // dy^T x
  };
  const auto db = [](const Array& dy) { return dy; };  // the tape sums over the rows
  return record("linear", y, {{x, dx}, {weight, dw}, {bias, db}});
}

Tensor fused_gelu(const Tensor& x) {
  const Array& in = x.data();
  const auto dx = [in](const Array& dy) { return op::gelu_gradient(in, dy); };
  return record("gelu", op::gelu(in), {{x, dx}});
}

Tensor fused_softmax(const Tensor& x) {
  const Array y = op::softmax(x.data());
  const auto dx = [y](const Array& dy) { return op::softmax_gradient(y, dy); };
  return record("softmax", y, {{x, dx}});
}

Tensor fused_layer_norm(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  const Array& in = x.data();
  const Array& w = weight.data();
  const Array y = op::layer_norm(in, w, bias.data());
  const auto dx = [in, w](const Array& dy) { return op::layer_norm_gradient(in, w, dy); };
  const auto dw = [in](const Array& dy) { return op::layer_norm_weight_gradient(in, dy); };
  const auto db = [](const Array& dy) { return dy; };  // the tape sums over the rows
  return record("layer_norm", y, {{x, dx}, {weight, dw}, {bias, db}});
}

/// dq, dk and dv are computed together, by whoever asks first, and then handed out.
class AttentionGradient {
 public:
  AttentionGradient(Array q, Array k, Array v)
      : q_(std::move(q)), k_(std::move(k)), v_(std::move(v)) {}

  /// Number i of the three.
  Array part(std::int64_t i, const Array& dy) {
    if (!all_ || !of_same(dy)) {
      all_ = op::attention_gradient(q_, k_, v_, dy);
      dy_ = dy;
    }
    return part_of(all_, i);
  }

 private:
  /// Whether dy is the very array that all_ was computed from, which dy_ keeps alive.
  bool of_same(const Array& dy) const {
    return &dy_.as<Array::Holder>() == &dy.as<Array::Holder>();
  }

  Array q_, k_, v_;
  Array dy_;   // the gradient that all_ belongs to
  Array all_;  // (3, ..., T, D)
};

Tensor fused_attend(const Tensor& q, const Tensor& k, const Tensor& v, const Mask& mask) {
  if (mask) return matmul(attention_weights(q, k, mask), v);
  const Array y = op::attention(q.data(), k.data(), v.data());
  const auto all = std::make_shared<AttentionGradient>(q.data(), k.data(), v.data());
  const auto dq = [all](const Array& dy) { return all->part(0, dy); };
  const auto dk = [all](const Array& dy) { return all->part(1, dy); };
  const auto dv = [all](const Array& dy) { return all->part(2, dy); };
  return record("attention", y, {{q, dq}, {k, dk}, {v, dv}});
}

Tensor fused_cross_entropy(const Tensor& logits, const Labels& labels) {
  const Array& in = logits.data();
  const auto dlogits = [in, labels](const Array& dL) {
    return op::multiply(op::cross_entropy_gradient(in, labels), dL);
  };
  return record("cross_entropy", op::cross_entropy(in, labels), {{logits, dlogits}});
}

Array fused_adamw(const AdamWSettings& settings, const Array& weight, const Array& gradient,
                  Moments& moments) {
  const auto zeros_at_first = [&](const Array& mean) {
    return mean ? mean : op::array(filled(weight.shape()));
  };
  const Array all = op::adamw(weight, gradient, zeros_at_first(moments.m),
                              zeros_at_first(moments.v), settings, ++moments.steps);
  // Views without the table, which would be asked a hundred times in every step.
  const auto part = [&](std::int64_t i) {
    const fast::FastArray row = fast::slice(all.as<fast::FastArray>(), 0, i, i + 1);
    return fast::as_array(fast::reshape(row, weight.shape()));
  };
  moments.m = part(1);
  moments.v = part(2);
  return part(0);
}

}  // namespace

void install_fast_layers() {
  linear.install(Backend::fast, fused_linear);
  gelu.install(Backend::fast, fused_gelu);
  softmax.install(Backend::fast, fused_softmax);
  layer_norm.install(Backend::fast, fused_layer_norm);
  attend.install(Backend::fast, fused_attend);
  cross_entropy.install(Backend::fast, fused_cross_entropy);
  install_adamw(Backend::fast, fused_adamw);
}

}  // namespace nt
