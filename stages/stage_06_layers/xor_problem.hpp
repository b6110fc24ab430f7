#pragma once
// The smallest problem that a single layer cannot learn: 1 where exactly one of two inputs is 1.
// Minsky, Papert, "Perceptrons", 1969.

#include <functional>
#include <optional>

#include "layers.hpp"

namespace nt {

/// The four cases, (4, 2), and the answers wanted, (4, 1): 1 for yes, -1 for no.
extern const HostArray kXorInputs;
extern const HostArray kXorTargets;

/// Two inputs, a hidden layer of `units` with gelu, one output: a number above 0 means yes.
struct XorNetwork : Module {
  XorNetwork(std::int64_t units, Random& random);

  /// x: (B, 2) -> (B, 1)
  Tensor operator()(const Tensor& x) const { return output(gelu(hidden(x))); }

  Linear hidden;
  Linear output;
};

/// How the network learns. With 8 units it succeeds from each of the seeds 1 to 1000, mostly in
/// some 140 steps, at the slowest in 598.
struct XorRecipe {
  float rate = 0.1F;
  float margin = 0.9F;  ///< how far on its side of 0 each of the four answers has to be
  int limit = 999;      ///< steps
};

/// Plain gradient descent, each step on all four cases:
///   L = mean of (y - target)^2,   w <- w - rate dL/dw
/// until the four answers are right by the margin. Returns the number of steps, or none where the
/// limit does not suffice. `on_step` is told the number of steps done, 0 at first.
std::optional<int> learn_xor(const XorNetwork& network, const XorRecipe& recipe,
                             const std::function<void(int step)>& on_step);

}  // namespace nt
