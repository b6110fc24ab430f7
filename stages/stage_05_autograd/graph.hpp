#pragma once
// A tape drawn: every node with its shape, its data and its gradient, from the leaves to the
// result. Inputs that want no gradient are not on the tape, so they are not drawn.

#include <map>
#include <string>

#include "tape.hpp"

namespace nt {

/// What the leaves are called, by Tensor::identity(); one without a name is called "leaf".
using LeafNames = std::map<const void*, std::string>;

/// A line for each node, in the order of recording; of many values the first three:
///   `%2  multiply(%0, %1)   (3)   data 2, 4, 6   gradient -2, 2, 6`
/// `gradients` are what Tape::gradients gave. Throws Error for another number of them:
///   `graph: a gradient for each node: nodes are 7, gradients are 3`
std::string graph_text(const Tape& tape, const std::vector<Array>& gradients,
                       const LeafNames& names);

/// The same as a picture, an SVG document: an arrow leads from each input to what uses it.
std::string graph_svg(const Tape& tape, const std::vector<Array>& gradients,
                      const LeafNames& names);

}  // namespace nt
