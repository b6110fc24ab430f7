#pragma once
// What a graph is made of: nodes, each a leaf or one of the operations below, how one is computed,
// written down as C++, and drawn at random.

#include <string>
#include <vector>

#include "core/random.hpp"
#include "tensor_ops.hpp"

namespace nt {

/// A value of a graph: given, or computed from earlier ones.
struct Node {
  std::string op;                     ///< "leaf", or an operation of tensor_ops.hpp
  HostArray leaf;                     ///< the numbers of a leaf
  std::vector<std::size_t> inputs;    ///< which earlier nodes it takes
  std::vector<std::int64_t> numbers;  ///< what else it is told: axes, sizes, or axis and range
};

/// Nodes in the order of computation; the last one is the result.
using Graph = std::vector<Node>;

/// The result of a node that is no leaf. Throws what its operation throws.
Tensor compute(const Node& node, const std::vector<Tensor>& inputs);

/// `slice(v2, 1, 0, 3)`; of a leaf, how it is made.
std::string expression(const Node& node);

/// Some operation, drawn for a first input of shape x. Its inputs are still to be chosen, as many
/// as inputs_of says.
Node draw_step(const Shape& x, Random& random);

/// 1 or 2.
std::size_t inputs_of(const Node& node);

/// Whether the operation has a slope at these values of its inputs, and not too steep a one: a
/// logarithm's argument lies above 1/4, a divisor's size does, an exponent lies below 1.
bool is_gentle(const Node& node, const std::vector<HostArray>& inputs);

/// A shape for the second input beside a first of shape x: (K, 1..3) for matmul, else one that
/// broadcasts to x.
Shape fitting(const Node& node, const Shape& x, Random& random);

/// Multiples of 1/8 from -2 to 2, never 0.
HostArray eighths(const Shape& shape, Random& random);

}  // namespace nt
