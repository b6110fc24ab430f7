#pragma once
// What a training loop needs to know of an optimizer, whichever it is: that it takes steps, and
// what it remembers between them.

#include <memory>
#include <string>
#include <string_view>

#include "adamw.hpp"
#include "sgd.hpp"

namespace nt {

/// What an optimizer remembers between two steps: of AdamW m, v and the steps, of SGD b.
struct OptimizerState {
  std::string name;     ///< "adamw" or "sgd"
  NamedArrays buffers;  ///< by the parameter's name and a suffix: `classifier.bias.m`, `.v`, `.b`
  std::vector<std::pair<std::string, std::int64_t>> steps;  ///< AdamW: of each parameter, by name
};

class Optimizer {
 public:
  virtual ~Optimizer() = default;

  /// One step with the rate `lr` for every parameter that has a gradient.
  virtual void step(float lr) = 0;

  /// What is remembered now. Before the first step there are no buffers.
  virtual OptimizerState state() const = 0;

  /// Goes on from such a state. Throws, and keeps its own, for the state of another optimizer or of
  /// other parameters, what set_buffers or set_moments throws, and Error
  ///   `optimizer: the state is of 'sgd', not of 'adamw'`
  ///   `optimizer: two entries 'classifier.bias.m'`
  ///   `optimizer: no steps of 'classifier.bias'`
  ///   `optimizer: unknown entry 'classifer.bias.m'`
  virtual void restore(const OptimizerState& state) = 0;
};

/// `name` is adamw or sgd. AdamW's decay is 0.01 and SGD's momentum 0.9, as in the baseline's
/// recipes; whatever else stays at its default. Throws UsageError
///   `unknown optimizer 'adam': expected adamw or sgd`
std::unique_ptr<Optimizer> make_optimizer(std::string_view name, const NamedTensors& parameters);

}  // namespace nt
