#pragma once
// AdamW. How large a weight's gradients are says little about how far it should go: it changes with
// the layer, with the loss and in the course of training. So every weight's step is divided by how
// large its own gradients usually are, which makes all steps about as long as the learning rate;
// and what keeps weights small, the decay, pulls at the weight itself, past that division.
// Kingma, Ba, "Adam", arXiv:1412.6980; Loshchilov, Hutter, "Decoupled weight decay regularization",
// arXiv:1711.05101. The numbers are those of torch.optim.AdamW.

#include <functional>

#include "module.hpp"

namespace nt {

struct AdamWSettings {
  float lr = 1e-3F;      ///< how long a step is
  float beta1 = 0.9F;    ///< how much the mean of the gradients keeps of what it was
  float beta2 = 0.999F;  ///< the same for the mean of their squares
  float eps = 1e-8F;     ///< keeps the division safe where all gradients were 0
  float weight_decay = 0.01F;
};

/// What is remembered of one weight; m and v have its shape.
struct Moments {
  Array m;                 ///< the running mean of its gradients; empty before the first one
  Array v;                 ///< that of their squares
  std::int64_t steps = 0;  ///< t, how many gradients there were
};

// In the formulas w is the weight and g its gradient; all goes element by element.

/// What is remembered after one more gradient; both means begin at 0:
///   m <- beta1 m + (1 - beta1) g,   v <- beta2 v + (1 - beta2) g^2,   t <- t + 1
void update_moments(const AdamWSettings& settings, const Array& gradient, Moments& moments);

/// Which way to go, with numbers of about 1 where the gradients agree with each other, smaller ones
/// where they do not:   mc / (sqrt(vc) + eps), where
///   mc = m / (1 - beta1^t),   vc = v / (1 - beta2^t)
/// are the means without the 0 that they began at. There was a gradient: t >= 1.
Array adamw_direction(const AdamWSettings& settings, const Moments& moments);

/// The weight after one more step:   w - lr (direction + decay w), where the direction is what
/// adamw_direction says after update_moments; the moments know nothing of the decay.
Array composed_adamw(const AdamWSettings& settings, const Array& weight, const Array& gradient,
                     Moments& moments);

/// A function that computes what composed_adamw does, perhaps in one go.
using AdamWUpdate = std::function<Array(const AdamWSettings& settings, const Array& weight,
                                        const Array& gradient, Moments& moments)>;

/// What `backend` does instead of composed_adamw; an empty one gives that back.
void install_adamw(Backend backend, AdamWUpdate update);

class AdamW {
 public:
  /// Throws Error for settings that make no sense: lr, eps and weight_decay are 0 or more, a beta
  /// is in [0, 1).
  ///   `adamw: lr should be 0 or more, found -1`
  ///   `adamw: beta1 should be in [0, 1), found 1`
  AdamW(NamedTensors parameters, const AdamWSettings& settings);

  /// One step for every parameter that has a gradient, with the rate `lr`; the others stay as they
  /// are, and no step of theirs is counted. Throws Error for an lr that makes no sense, as above.
  void step(float lr);
  void step() { step(settings_.lr); }

  const AdamWSettings& settings() const { return settings_; }

  /// What is remembered of each parameter, in their order: with the weights and the settings, all
  /// that another AdamW needs to go on from here.
  const std::vector<Moments>& moments() const { return moments_; }

  /// Goes on from such moments. Throws, and keeps its own, where they are of other parameters:
  ///   Error       `adamw: there are 17 parameters, and moments of 16`
  ///   Error       `adamw: 'classifier.bias' should have taken 0 steps or more, found -1`
  ///   ShapeError  `adamw: moments of 'classifier.bias' after 3 steps should be (10), found (9)`
  ///   ShapeError  `adamw: moments of 'classifier.bias' after 0 steps should be none, found (10)`
  void set_moments(std::vector<Moments> moments);

 private:
  NamedTensors parameters_;
  AdamWSettings settings_;
  std::vector<Moments> moments_;  // a parameter each
};

}  // namespace nt
