#include "sgd.hpp"

#include <fmt/format.h>

#include "core/errors.hpp"
#include "gradient_rows.hpp"

namespace nt {
namespace {

void require_not_negative(const char* what, float found) {
  if (found >= 0) return;
  throw Error(fmt::format("sgd: {} should be 0 or more, found {}", what, found));
}

/// a + c b
Array plus_scaled(const Array& a, float c, const Array& b) {
  return op::add(a, op::multiply(b, op::number(c)));
}

/// The weight w after a step with gradient g, and its buffer b, which is empty before the first.
Array updated(const SgdSettings& settings, float lr, const Array& w, Array g, Array& b) {
  // exercise 11.2: decay joins the gradient, the buffer collects it, and the weight goes down
  const float momentum = settings.momentum;
  if (settings.weight_decay != 0) g = plus_scaled(g, settings.weight_decay, w);
  if (momentum == 0) return plus_scaled(w, -lr, g);
  b = b ? plus_scaled(op::multiply(b, op::number(momentum)), 1 - settings.dampening, g) : g;
  const Array d = settings.nesterov ? plus_scaled(g, momentum, b) : b;
  return plus_scaled(w, -lr, d);
  // end exercise
}

}  // namespace

Sgd::Sgd(NamedTensors parameters, const SgdSettings& settings)
    : parameters_(std::move(parameters)), settings_(settings), buffers_(parameters_.size()) {
  require_not_negative("lr", settings.lr);
  require_not_negative("momentum", settings.momentum);
  require_not_negative("weight_decay", settings.weight_decay);
  if (settings.nesterov && (settings.momentum == 0 || settings.dampening != 0)) {
    throw Error("sgd: nesterov needs momentum and no dampening");
  }
}

void Sgd::set_buffers(std::vector<Array> buffers) {
  if (buffers.size() != parameters_.size()) {
    throw Error(fmt::format("sgd: there are {} parameters, and buffers of {}", parameters_.size(),
                            buffers.size()));
  }
  for (std::size_t i = 0; i < buffers.size(); ++i) {
    const auto& [name, weight] = parameters_[i];
    if (buffers[i] && buffers[i].shape() != weight.shape()) {
      throw ShapeError(fmt::format("sgd: the buffer of '{}' should be {}, found {}", name,
                                   weight.shape().text(), buffers[i].shape().text()));
    }
  }
  buffers_ = std::move(buffers);
}

void Sgd::step(float lr) {
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    Tensor& weight = parameters_[i].second;
    if (!weight.grad()) continue;
    weight.set_data(updated(settings_, lr, weight.data(), weight.grad(), buffers_[i]));
  }
}

}  // namespace nt
