#include "adamw.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "core/errors.hpp"
#include "gradient_rows.hpp"

namespace nt {
namespace {

std::array<AdamWUpdate, kBackends.size()>& installed() {
  static std::array<AdamWUpdate, kBackends.size()> updates;
  return updates;
}

/// What the chosen backend has installed, or else the composed update.
AdamWUpdate chosen_update() {
  const AdamWUpdate& own = installed()[static_cast<std::size_t>(current_backend())];
  return own ? own : composed_adamw;
}

/// c x; c may need the digits of a double until it is ready to be one factor.
Array times(const Array& x, double c) { return op::multiply(x, op::number(static_cast<float>(c))); }

void require_not_negative(const char* what, float found) {
  if (found >= 0) return;  // false for NaN
  throw Error(fmt::format("adamw: {} should be 0 or more, found {}", what, found));
}

void require_share(const char* what, float found) {
  if (found >= 0 && found < 1) return;
  throw Error(fmt::format("adamw: {} should be in [0, 1), found {}", what, found));
}

void require_moments_of(const std::string& name, const Tensor& weight, const Moments& moments) {
  if (moments.steps < 0) {
    throw Error(fmt::format("adamw: '{}' should have taken 0 steps or more, found {}", name,
                            moments.steps));
  }
  const std::string expected = moments.steps > 0 ? weight.shape().text() : "none";
  for (const Array* mean : {&moments.m, &moments.v}) {
    const std::string found = *mean ? mean->shape().text() : "none";
    if (found == expected) continue;
    throw ShapeError(fmt::format("adamw: moments of '{}' after {} steps should be {}, found {}",
                                 name, moments.steps, expected, found));
  }
}

}  // namespace

void update_moments(const AdamWSettings& settings, const Array& gradient, Moments& moments) {
  // exercise 12.1: each mean keeps its share and takes the rest from g or g^2; count the step
  const auto mixed = [](const Array& mean, double beta, const Array& x) {
    const Array fresh = times(x, 1 - beta);
    return mean ? op::add(times(mean, beta), fresh) : fresh;
  };
  moments.m = mixed(moments.m, settings.beta1, gradient);
  moments.v = mixed(moments.v, settings.beta2, op::multiply(gradient, gradient));
  ++moments.steps;
  // end exercise
}

Array adamw_direction(const AdamWSettings& settings, const Moments& moments) {
  // exercise 12.2: both means without the 0 they began at; the one by the root of the other
  const auto t = static_cast<double>(moments.steps);
  const double known_m = 1 - std::pow(double{settings.beta1}, t);
  const double known_v = 1 - std::pow(double{settings.beta2}, t);
  const Array mean = times(moments.m, 1 / known_m);
  const Array usual = op::sqrt(times(moments.v, 1 / known_v));
  return op::divide(mean, op::add(usual, op::number(settings.eps)));
  // end exercise
}

Array composed_adamw(const AdamWSettings& settings, const Array& weight, const Array& gradient,
                     Moments& moments) {
  // exercise 12.3: remember the gradient; the decay joins the direction, not the gradient
  update_moments(settings, gradient, moments);
  const Array direction = adamw_direction(settings, moments);
  // Subtracted, since a factor of 1 - lr decay is rounded to float32 the same way at every step.
  const Array decay = times(weight, settings.weight_decay);
  return op::subtract(weight, times(op::add(direction, decay), settings.lr));
  // end exercise
}

void install_adamw(Backend backend, AdamWUpdate update) {
  installed()[static_cast<std::size_t>(backend)] = std::move(update);
}

AdamW::AdamW(NamedTensors parameters, const AdamWSettings& settings)
    : parameters_(std::move(parameters)), settings_(settings), moments_(parameters_.size()) {
  require_not_negative("lr", settings.lr);
  require_not_negative("eps", settings.eps);
  require_not_negative("weight_decay", settings.weight_decay);
  require_share("beta1", settings.beta1);
  require_share("beta2", settings.beta2);
}

void AdamW::step(float lr) {
  require_not_negative("lr", lr);
  // exercise 12.4: every weight that has a gradient, with moments of its own, at the rate lr
  AdamWSettings now = settings_;
  now.lr = lr;
  const AdamWUpdate update = chosen_update();
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    Tensor& weight = parameters_[i].second;
    if (!weight.grad()) continue;
    weight.set_data(update(now, weight.data(), weight.grad(), moments_[i]));
  }
  // end exercise
}

void AdamW::set_moments(std::vector<Moments> moments) {
  if (moments.size() != parameters_.size()) {
    throw Error(fmt::format("adamw: there are {} parameters, and moments of {}", parameters_.size(),
                            moments.size()));
  }
  for (std::size_t i = 0; i < moments.size(); ++i) {
    require_moments_of(parameters_[i].first, parameters_[i].second, moments[i]);
  }
  moments_ = std::move(moments);
}

}  // namespace nt
