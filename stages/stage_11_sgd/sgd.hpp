#pragma once
// Stochastic gradient descent: after every batch a step against its gradient, which only guesses at
// the gradient over all images. Momentum adds these guesses up while old ones fade: what they agree
// on grows, what changes from batch to batch cancels. Polyak (1964); Nesterov (1983); Sutskever,
// Martens, Dahl, Hinton, "On the importance of initialization and momentum in deep learning", ICML
// 2013, whose buffer holds steps. Here, as in torch.optim.SGD, it holds gradients, and the rate
// stays outside.

#include "module.hpp"

namespace nt {

struct SgdSettings {
  float lr = 0.1F;         ///< the rate: how far a step goes along its direction
  float momentum = 0;      ///< the share of the buffer that stays from step to step
  float dampening = 0;     ///< the share of a gradient that does not enter the buffer
  float weight_decay = 0;  ///< how much of the weight is added to its gradient
  bool nesterov = false;   ///< whether a step looks ahead to where momentum leads
};

class Sgd {
 public:
  /// Throws Error for settings that make no sense, such as
  ///   `sgd: lr should be 0 or more, found -1`, for momentum and weight_decay as well
  ///   `sgd: nesterov needs momentum and no dampening`
  Sgd(NamedTensors parameters, const SgdSettings& settings);

  /// One step for every parameter w that has a gradient g, with the rate lr:
  ///   g <- g + weight_decay w
  ///   b <- momentum b + (1 - dampening) g      at the parameter's first step b <- g
  ///   d  = b, with nesterov g + momentum b, without momentum g
  ///   w <- w - lr d
  /// grad() stays as it is, and so does all of a parameter that has none.
  void step(float lr);

  /// The same with the rate of the settings.
  void step() { step(settings_.lr); }

  const SgdSettings& settings() const { return settings_; }

  /// b of each parameter, in their order; empty before its first step and without momentum. With
  /// the weights and the settings, all that another Sgd needs to go on from here.
  const std::vector<Array>& buffers() const { return buffers_; }

  /// Goes on from such buffers. Throws, and keeps its own, where they are of other parameters:
  ///   Error       `sgd: there are 17 parameters, and buffers of 16`
  ///   ShapeError  `sgd: the buffer of 'classifier.bias' should be (10), found (9)`
  void set_buffers(std::vector<Array> buffers);

 private:
  NamedTensors parameters_;
  SgdSettings settings_;
  std::vector<Array> buffers_;
};

}  // namespace nt
